import type { DocumentNode, GraphQLError } from 'graphql'
import { unauthenticated } from '../graphql/errors.ts'
import type { Gate } from '../graphql/gate.ts'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import type { OperationParameters } from './operation-parameters.ts'

/** An operation that may be executed. Whoever has no identity has asked for what is public. */
export type AdmittedOperation<Caller = Identity | IdentityFailure> = OperationParameters & {
  readonly caller: Caller
  readonly document: DocumentNode
  /** Whether what is kept of the document serves all users; if not, nothing is kept. */
  readonly isShared: boolean
}

export type RefusedOperation = {
  readonly errors: readonly GraphQLError[]
  /** Where it is `null`, HTTP tells of the errors as of those that execution ends in; where it is left out, as of a bad request. */
  readonly data?: null
}

export type OperationOutcomes<Answer> = {
  readonly refused: (refusal: RefusedOperation) => Answer | Promise<Answer>
  readonly admitted: (operation: AdmittedOperation) => Answer | Promise<Answer>
}

/** The one way of an operation to its execution, whichever transport it came by. */
export type OperationPipeline = {
  /**
   * Decides whether an operation may be executed, and hands it to one of the outcomes; settles as that does. The transport has
   * checked the bytes and verified the caller's token.
   */
  readonly run: <Answer>(
    operation: OperationParameters,
    caller: Identity | IdentityFailure,
    outcomes: OperationOutcomes<Answer>,
  ) => Promise<Answer>
}

/**
 * Identity comes first: before a token is verified, nothing of a document but what is public is validated, and nothing of it is kept.
 * Then the gate decides about the document.
 */
export function operationPipeline(
  gate: Gate,
  faultOfVariables: (operation: Omit<AdmittedOperation, 'caller' | 'isShared'>) => GraphQLError | undefined,
): OperationPipeline {
  return {
    async run(operation, asking, { refused, admitted }) {
      const caller = stillValid(asking)
      const proceed = (document: ReturnType<Gate['admit']>) => {
        if ('errors' in document) return refused(document)
        const fault = faultOfVariables({ ...operation, document })
        if (fault !== undefined) return refused({ errors: [fault] })
        return admitted({ ...operation, caller, document, isShared: gate.isShared(document) })
      }

      if (!isIdentityFailure(caller)) return proceed(gate.admit(operation.query))
      const document = gate.admitPublic(operation)
      if (document === undefined) return refused(unidentified(caller))
      return proceed(document)
    },
  }
}

/** What everything is answered with that takes an identity. */
export function unidentified(failure: IdentityFailure): RefusedOperation {
  return { errors: [unauthenticated(failure)], data: null }
}

/** A token may have run out while its request was still coming in. */
function stillValid(caller: Identity | IdentityFailure): Identity | IdentityFailure {
  return isIdentityFailure(caller) || Date.now() < caller.expiresAt ? caller : { reason: 'expired' }
}
