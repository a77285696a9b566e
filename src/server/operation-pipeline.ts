import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql'
import { notAdmitted, unauthenticated } from '../graphql/errors.ts'
import type { Gate } from '../graphql/gate.ts'
import { documentWeight, operationWeight } from '../graphql/operation-weight.ts'
import { isIdentityFailure, type Identity, type IdentityFailure } from '../identity/identity.ts'
import { isRefusal } from './admission/admission.ts'
import type { Admissions, Place } from './admission/admissions.ts'
import type { Refusal } from './admission/ticket.ts'
import type { OperationParameters } from './operation-parameters.ts'
import type { SubscriptionLimit } from './subscription-limit.ts'

/** An operation that may be executed. Without identity it selects only what is public. */
export type AdmittedOperation<Caller = Identity | IdentityFailure> = OperationParameters & {
  readonly caller: Caller
  readonly document: DocumentNode
  /** Whether what is kept of the document serves all users; if not, nothing is kept. */
  readonly isShared: boolean
  /** Its own weight. */
  readonly weight: number
  /**
   * The operation counts as running until its outcome settles, or else until the promise settles that is given here: that of a stream's
   * beginning. An outcome over SSE settles when the stream has ended.
   */
  readonly runsUntil: (end: Promise<void>) => void
}

export type RefusedOperation = {
  readonly errors: readonly GraphQLError[]
  /** Where it is `null`, HTTP tells of the errors as of those that execution ends in; where it is left out, as of a bad request. */
  readonly data?: null
  /** Too much was asked for, by this caller or by all: the client may come back. */
  readonly admission?: Refusal
}

export type OperationOutcomes<Answer> = {
  readonly refused: (refusal: RefusedOperation) => Answer | Promise<Answer>
  readonly admitted: (operation: AdmittedOperation) => Answer | Promise<Answer>
}

/** The one way of an operation to its execution, whichever transport it came by. */
export type OperationPipeline = {
  /**
   * Decides whether and when an operation may be executed, and hands it to one of the outcomes; settles as that does. The transport has
   * checked the bytes and verified the caller's token.
   */
  readonly run: <Answer>(
    operation: OperationParameters,
    caller: Identity | IdentityFailure,
    outcomes: OperationOutcomes<Answer>,
  ) => Promise<Answer>
}

export type PipelineOptions = {
  readonly gate: Gate
  readonly admissions: Admissions
  readonly subscriptions: Pick<SubscriptionLimit, 'weightOf'>
  readonly maxRepresentations: number
  readonly faultOfVariables: (
    operation: OperationParameters & { readonly document: DocumentNode },
  ) => GraphQLError | undefined
}

/**
 * Identity comes first: before a token is verified, nothing of a document but what is public is validated, and nothing of it is kept.
 * Then admission decides when the caller's turn is, and the gate about the document.
 */
export function operationPipeline(
  schema: GraphQLSchema,
  { gate, admissions, subscriptions, maxRepresentations, faultOfVariables }: PipelineOptions,
): OperationPipeline {
  const weightOf = operationWeight(schema, { maxRepresentations })

  const proceed = <Answer>(
    operation: AdmittedOperation,
    { refused, admitted }: OperationOutcomes<Answer>,
  ): Answer | Promise<Answer> => {
    const fault = faultOfVariables(operation)
    if (fault !== undefined) return refused({ errors: [fault] })
    return admitted(operation)
  }

  const placeFor = (caller: Identity, operation: OperationParameters, weight: number): Place =>
    admissions.place(caller, { weight, bytes: () => bytesOf(operation) })

  const parsed = async (
    caller: Identity,
    operation: OperationParameters,
  ): Promise<ReturnType<Gate['admit']> | Refusal> => {
    const place = await placeFor(caller, operation, documentWeight(operation.query))
    if (isRefusal(place)) return place
    try {
      return gate.admit(operation.query)
    } finally {
      place.leave()
    }
  }

  return {
    async run(operation, asking, outcomes) {
      const { refused } = outcomes
      const caller = stillValid(asking)
      if (isIdentityFailure(caller)) {
        const document = gate.admitPublic(operation)
        if (document === undefined) return refused(unidentified(caller))
        if ('errors' in document) return refused(document)
        const ofNobody = { caller, document, isShared: false, weight: 0, runsUntil: () => undefined }
        return proceed({ ...operation, ...ofNobody }, outcomes)
      }
      const remembered = gate.remembered(operation.query)
      const document = remembered ?? (await parsed(caller, operation))
      if ('errors' in document) return refused(document)
      if ('code' in document) return refused(refusalOf(document))
      const ofDocument = remembered === undefined ? 0 : documentWeight(operation.query)
      // No spreads on the way of every operation: each takes a microsecond or more.
      const { query, operationName, variables } = operation
      const { weight, movesOwnStreams } = weightOf({ document, operationName, variables })
      const ofStreams = movesOwnStreams ? subscriptions.weightOf(caller.userId) : 0
      const asked = placeFor(caller, operation, weight + ofDocument + ofStreams)
      const place = asked instanceof Promise ? await asked : asked
      if (isRefusal(place)) return refused(refusalOf(place))
      const ends = { withItsOutcome: true }
      const runsUntil = (end: Promise<void>): void => {
        ends.withItsOutcome = false
        void end.finally(() => place.leave())
      }
      try {
        const known = stillValid(caller)
        if (isIdentityFailure(known)) return await refused(unidentified(known))
        const isShared = gate.isShared(document)
        return await proceed(
          { query, operationName, variables, caller: known, document, isShared, weight, runsUntil },
          outcomes,
        )
      } finally {
        if (ends.withItsOutcome) place.leave()
      }
    },
  }
}

/** What everything is answered with that takes an identity. */
export function unidentified(failure: IdentityFailure): RefusedOperation {
  return { errors: [unauthenticated(failure)], data: null }
}

export function refusalOf(admission: Refusal): RefusedOperation {
  return { errors: [notAdmitted(admission)], data: null, admission }
}

/** About as many bytes as a waiting operation holds. */
function bytesOf({ query, variables }: OperationParameters): number {
  return query.length + (variables === null ? 0 : JSON.stringify(variables).length)
}

/** A token may have run out while its request was still coming in, or while the operation waited for its turn. */
function stillValid(caller: Identity | IdentityFailure): Identity | IdentityFailure {
  return isIdentityFailure(caller) || Date.now() < caller.expiresAt ? caller : { reason: 'expired' }
}
