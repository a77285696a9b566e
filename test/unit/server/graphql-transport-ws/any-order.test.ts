import fc from 'fast-check'
import { expect, test } from 'vitest'
import { asciiJson } from '../../../../src/server/graphql-transport-ws/ascii-json.ts'
import {
  settled,
  startProtocol,
  STREAM,
  subscribe,
  WAITS,
  type Played,
  type ProtocolUnderTest,
} from '../../../support/protocol-server.ts'
import type { Message, RawClient } from '../../../support/web-socket-client.ts'

type Act =
  | {
      readonly by: 'client'
      readonly does: 'subscribe' | 'complete'
      readonly id: string
      readonly stream: boolean
    }
  | { readonly by: 'server'; readonly does: 'next' | 'complete' | 'error'; readonly begun: number }

const id = fc.constantFrom('a', 'b')
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({
    by: fc.constant('client' as const),
    does: fc.constantFrom('subscribe' as const, 'complete' as const),
    id,
    stream: fc.boolean(),
  }),
  fc.record({
    by: fc.constant('server' as const),
    does: fc.constantFrom('next' as const, 'complete' as const, 'error' as const),
    begun: fc.nat(5),
  }),
)

/** What the protocol says of one operation. */
type Known = { readonly id: string; readonly stream: boolean; heard: boolean; ended: boolean }

/** The protocol in a few lines: who is heard of, and which operations are under way. */
function model() {
  const begun: Known[] = []
  const waiting = new Map<string, boolean>()
  const expected: Message[] = []

  const runningOf = (of: string) => begun.find((known) => known.id === of && !known.ended)
  const begin = (of: string, stream: boolean) => begun.push({ id: of, stream, heard: true, ended: false })
  const end = (known: Known) => {
    known.ended = true
    const stream = waiting.get(known.id)
    waiting.delete(known.id)
    if (stream !== undefined) begin(known.id, stream)
  }

  return {
    begun,
    expected,
    /** Whether the client may do it: two of one id close the socket, which ends the story. */
    allows(next: Act): boolean {
      if (next.by === 'server') return next.begun < begun.length
      if (next.does === 'complete') return true
      return runningOf(next.id)?.heard !== true && !waiting.has(next.id)
    },
    take(next: Act): void {
      if (next.by === 'server') {
        const known = begun[next.begun]!
        if (known.heard && !known.ended) expected.push(sentBy(next, known.id))
        if (next.does !== 'next' && !known.ended) end(known)
        return
      }
      const running = runningOf(next.id)
      if (next.does === 'subscribe') {
        if (running === undefined) begin(next.id, next.stream)
        else waiting.set(next.id, next.stream)
      } else if (running !== undefined) {
        running.heard = false
        waiting.delete(next.id)
        if (running.stream) end(running)
      }
    },
  }
}

function sentBy({ does, begun }: Act & { by: 'server' }, ofId: string): Message {
  if (does === 'complete') return { id: ofId, type: 'complete' }
  return { id: ofId, type: does, payload: does === 'next' ? { data: begun } : [{ message: String(begun) }] }
}

async function really(next: Act, client: RawClient, played: readonly Played[]): Promise<readonly Message[]> {
  if (next.by === 'client') {
    if (next.does === 'subscribe') subscribe(client, next.id, next.stream ? STREAM : WAITS)
    else client.send({ type: 'complete', id: next.id })
  } else {
    const { operation } = played[next.begun]!
    if (next.does === 'complete') operation.complete()
    else if (next.does === 'next') operation.next(asciiJson({ data: next.begun }))
    else operation.error(asciiJson([{ message: String(next.begun) }]))
  }
  return settled(client)
}

test('whatever client and server do in whichever order, the client hears what the protocol says, and nothing is left over', async () => {
  const protocol: ProtocolUnderTest = await startProtocol()
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const client = await protocol.connected()
      const from = protocol.played.length
      const told = model()
      const heard: Message[] = []
      for (const next of acts) {
        if (!told.allows(next)) continue
        told.take(next)
        heard.push(...(await really(next, client, protocol.played.slice(from))))
      }
      expect(heard).toEqual(told.expected)
      const played = protocol.played.slice(from)
      expect(played).toHaveLength(told.begun.length)
      const left = told.begun.filter(({ ended }) => !ended).length
      if (played[0] !== undefined) expect(played[0].operation.connection.running).toBe(left)
      expect(played.map(({ stopped }) => stopped)).toEqual(
        told.begun.map(({ stream, ended }) => (stream && ended ? 1 : 0)),
      )
      await client.close()
    }),
    { numRuns: 100 },
  )
})
