import { execute, visit, type ExecutionResult } from 'graphql'
import { createContext, type Services } from '../graphql/context.ts'
import { OFFLINE } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'
import type { PresenceEvent, Shown } from '../live/presence-event.ts'
import { asciiJson, type AsciiJson } from './graphql-transport-ws/ascii-json.ts'
import {
  NO_STREAM,
  numberedPayload,
  placesIn,
  type NumberedPayload,
  type Places,
} from './numbered-payload.ts'
import type { OperationArgs } from './subscription-stream.ts'

const PRESENCE_UPDATES = 'presenceUpdates'
/** A context without a viewer: it shows whether a selection needs one. */
const SPECIMEN: PresenceEvent = {
  change: 'SNAPSHOT',
  presences: [{ user: 'specimen' as UserId, presence: OFFLINE }],
}

type Args = Omit<OperationArgs, 'contextValue'>

/** The same for all streams; where they have selected their name or number, all but these. */
export type SharedPayload = AsciiJson | NumberedPayload

/** Results of the events of all who have subscribed to presence in the same words. */
export type SharedResults = {
  /** Throws what the event is refused for: it is too large, for instance. */
  readonly resultOf: (event: PresenceEvent) => SharedPayload
  /** Of one user who is shown in another way: executed once for all who are shown the same. */
  readonly changeOf: (shown: Shown) => SharedPayload
  /** The stream that took it does not need it any more. */
  readonly giveBack: () => void
}

/**
 * They are executed without a viewer, so that none can depend on one. Undefined where the selection takes a viewer: what he may see of a
 * user's other fields, for instance.
 */
export type TakeSharedResults = (args: Args) => SharedResults | undefined

export function sharedResults(services: Services): TakeSharedResults {
  type Shared = { readonly results: SharedResults | undefined; users: number }
  const byWords = new Map<string, Shared>()

  // Not the context that has come with them: it would stay, with all that its subscriber has read.
  const share = (
    { schema, document, operationName, variableValues }: Args,
    giveBack: () => void,
  ): SharedResults | undefined => {
    const changes = new WeakMap<Shown, SharedPayload>()
    /** Undefined if it takes time, as most of what takes a viewer does. */
    const executed = (event: PresenceEvent): ExecutionResult | undefined => {
      const result = execute({
        schema,
        document,
        operationName,
        variableValues,
        rootValue: { event, ...NO_STREAM },
        contextValue: createContext(services, { reason: 'missing' }),
      })
      if (!('then' in result)) return result
      result.catch(() => undefined)
      return undefined
    }
    const resultOf = (event: PresenceEvent): SharedPayload => {
      const result = executed(event)
      if (result === undefined) throw new Error('an event takes a viewer where another one took none')
      const [error] = result.errors ?? []
      if (error !== undefined) throw error
      const told = eventIn(result)
      return told === undefined || places.size === 0
        ? asciiJson({ data: result.data })
        : numberedPayload(...told, places)
    }
    const specimen = executed(SPECIMEN)
    if (specimen === undefined || specimen.errors !== undefined) return undefined
    const places: Places = placesIn(eventIn(specimen)?.[1] ?? {})
    return {
      resultOf,
      changeOf(shown) {
        const known = changes.get(shown)
        if (known !== undefined) return known
        const payload = resultOf({ change: 'CHANGED', presences: [shown] })
        changes.set(shown, payload)
        return payload
      },
      giveBack,
    }
  }

  return (args) => {
    const words = wordsOf(args)
    const giveBack = (): void => {
      shared.users -= 1
      if (shared.users === 0) byWords.delete(words)
    }
    const shared = byWords.get(words) ?? { results: share(args, giveBack), users: 0 }
    if (shared.results === undefined) return undefined
    byWords.set(words, shared)
    shared.users += 1
    return shared.results
  }
}

/** The one field of a subscription, under the key that it was asked for by. */
function eventIn({ data }: ExecutionResult): [string, object] | undefined {
  const [told] = Object.entries(data ?? {}) as [string, object][]
  return told
}

const ids = new WeakMap<Args['document'], number>()
let documents = 0

/** Whom a subscription is about is no part of its words: every event says so itself. */
function wordsOf({ document, operationName, variableValues }: Args): string {
  let id = ids.get(document)
  if (id === undefined) {
    id = documents += 1
    ids.set(document, id)
  }
  // What is left out has its default; what is null has not.
  const values = [...variablesThatSelect(document)].flatMap((name) =>
    variableValues != null && Object.hasOwn(variableValues, name) ? [[name, variableValues[name]]] : [],
  )
  return JSON.stringify([id, operationName, values])
}

/** The variables that results depend on: all except those that name the users of the subscription. */
function variablesThatSelect(document: Args['document']): ReadonlySet<string> {
  const found = new Set<string>()
  visit(document, {
    VariableDefinition: () => false,
    Field: (field) => (field.name.value === PRESENCE_UPDATES ? { ...field, arguments: [] } : undefined),
    Variable(variable) {
      found.add(variable.name.value)
    },
  })
  return found
}
