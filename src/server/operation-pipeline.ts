import type { DocumentNode, GraphQLError } from 'graphql'
import { unauthenticated } from '../graphql/errors.ts'
import type { Gate } from '../graphql/gate.ts'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import type { OperationParameters } from './operation-parameters.ts'

/** An operation that may be executed. Whoever has no identity has asked for what is public. */
export type AdmittedOperation<Caller = Identity | IdentityFailure> = OperationParameters & {
  readonly caller: Caller
  readonly document: DocumentNode
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
export function operationPipeline(gate: Gate): OperationPipeline {
  return {
    async run(operation, caller, { refused, admitted }) {
      const known = stillValid(caller)
      if (isIdentityFailure(known)) {
        const document = gate.admitPublic(operation)
        if (document === undefined) return refused({ errors: [unauthenticated(known)], data: null })
        return 'errors' in document ? refused(document) : admitted({ ...operation, caller: known, document })
      }
      const document = gate.admit(operation.query)
      return 'errors' in document ? refused(document) : admitted({ ...operation, caller: known, document })
    },
  }
}

/** A token may have run out while its request was still coming in. */
function stillValid(caller: Identity | IdentityFailure): Identity | IdentityFailure {
  return isIdentityFailure(caller) || Date.now() < caller.expiresAt ? caller : { reason: 'expired' }
}
