import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  GraphQLError,
  OperationTypeNode,
  type ExecutionResult,
  type FormattedExecutionResult,
  type GraphQLSchema,
} from 'graphql'
import { createContext, type Services } from '../graphql/context.ts'
import { unauthenticated } from '../graphql/errors.ts'
import type { Identity } from '../identity/identity.ts'
import { atTime } from './at-time.ts'
import { EVENT_STREAM_TYPE, eventStream, oneEvent } from './event-stream.ts'
import { leaveOverMs } from './leave-over.ts'
import type { Logger } from './log.ts'
import type { OperationCounts } from './operation-counts.ts'
import type { AdmittedOperation } from './operation-pipeline.ts'
import { presentResult, type ResultScope } from './present-result.ts'
import { logOfRequest } from './request-scope.ts'
import type { SubscriptionLimit } from './subscription-limit.ts'
import {
  isSubscriptionStream,
  subscribeWithFreshContexts,
  type SubscriptionStream,
} from './subscription-stream.ts'

export type EventStreamOptions = {
  readonly schema: GraphQLSchema
  readonly services: Services
  readonly introspection: boolean
  readonly subscriptions: SubscriptionLimit
  readonly counts: OperationCounts
  readonly log: Logger
}

/** All subscriptions over SSE, each on a response of its own ("distinct connections mode" of GraphQL over SSE). */
export type EventStreams = {
  readonly open: (
    subscription: AdmittedOperation<Identity>,
    request: FastifyRequest,
    reply: FastifyReply,
  ) => Promise<FastifyReply>
  /**
   * Completes all streams, spread over half of `withinMs` at most, and resolves when what they sent is on its way: when
   * `deadline` settles at the latest, and then by force.
   */
  readonly stop: (limits: { readonly deadline: Promise<void>; readonly withinMs: number }) => Promise<void>
}

type Sending = {
  readonly log: Logger
  readonly present: (result: ExecutionResult) => FormattedExecutionResult
  readonly expiresAt: number
  readonly onEnd: () => void
}

export function createEventStreams(options: EventStreamOptions): EventStreams {
  const { schema, services, introspection, subscriptions, counts } = options
  const leaving = new Map<Readable, (afterMs: number) => Promise<void>>()
  let stopping = false

  const subscribe = async ({
    document,
    operationName,
    variables,
    caller,
  }: AdmittedOperation<Identity>): Promise<SubscriptionStream | ExecutionResult> => {
    const subscription = await subscribeWithFreshContexts({
      schema,
      document,
      operationName,
      variableValues: variables,
      contextValue: createContext(services, caller),
    })
    if (!stopping || !isSubscriptionStream(subscription)) return subscription
    subscription.finish()
    return { errors: [shuttingDown()] }
  }

  const send = (
    subscription: SubscriptionStream,
    request: FastifyRequest,
    reply: FastifyReply,
    { log, present, expiresAt, onEnd }: Sending,
  ): FastifyReply => {
    const { socket } = request.raw
    const stream = eventStream(subscription, present)
    const cut = (): void => void stream.destroy()
    const forgetExpiry = atTime(expiresAt, () => {
      subscription.finish({ errors: [unauthenticated({ reason: 'expired' })] })
    })
    leaving.set(stream, async (afterMs) => {
      setTimeout(() => subscription.finish(), afterMs)
      await finished(reply.raw).catch(() => undefined)
    })
    // A response that waits for another one on its connection does not hear of its end.
    socket.once('close', cut)
    stream.once('close', () => {
      log.info('event stream closed')
      leaving.delete(stream)
      socket.off('close', cut)
      forgetExpiry()
      onEnd()
    })
    return reply.send(stream)
  }

  return {
    async open(admitted, request, reply) {
      const { headers, id, raw } = request
      const log = logOfRequest(options.log, id, headers)
      const scope: ResultScope = {
        requestId: id,
        log,
        suggestions: introspection,
        transport: 'sse',
        counts,
      }
      const present = (result: ExecutionResult) => presentResult(result, scope)
      const answer = (result: ExecutionResult) => reply.send(oneEvent(JSON.stringify(present(result))))
      // Proxies that buffer what they pass on would hold events back.
      void reply.type(EVENT_STREAM_TYPE).header('x-accel-buffering', 'no')

      const { caller } = admitted
      const place = subscriptions.take(caller.userId, admitted.weight)
      if (place instanceof GraphQLError) return answer({ errors: [place] })
      counts.began('sse', OperationTypeNode.SUBSCRIPTION)
      const subscription = await subscribe(admitted).catch((error: unknown) => {
        place()
        throw error
      })
      if (!isSubscriptionStream(subscription)) {
        place()
        return answer(subscription)
      }
      if (raw.socket.destroyed) {
        place()
        subscription.finish()
        return reply.hijack()
      }
      admitted.runsUntil(subscription.begun)
      const closed = counts.opened('sse', admitted)
      const onEnd = (): void => {
        place()
        closed()
      }
      return send(subscription, request, reply, { log, present, expiresAt: caller.expiresAt, onEnd })
    },
    async stop({ deadline, withinMs }) {
      stopping = true
      const spreadMs = leaveOverMs(leaving.size, { withinMs })
      const left = [...leaving.values()].map((leave) => leave(Math.random() * spreadMs))
      await Promise.race([Promise.all(left), deadline])
      for (const stream of leaving.keys()) stream.destroy()
    },
  }
}

function shuttingDown(): GraphQLError {
  return new GraphQLError('This instance is about to stop. Connect again.', {
    extensions: { code: 'SHUTTING_DOWN' },
  })
}
