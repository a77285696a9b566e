import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { StoredAnswer } from '../../src/application/privacy-store.ts'
import { NO_PAIR } from '../../src/domain/pair.ts'
import { anyPair, anyPreference } from '../support/domain-arbitraries.ts'
import { onEachStorage } from '../support/each-storage.ts'
import { newUser } from '../support/new-user.ts'
import { DEFAULT_CLASS } from '../support/storage.ts'
import { look, openItem, openRequest, writes } from '../support/writes.ts'

onEachStorage((storage) => {
  it('gives back every pair exactly as it was written, in its own direction', async () => {
    await fc.assert(
      fc.asyncProperty(anyPair, anyPair, async (there, back) => {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        const ofPia = { presentity: pia, watcher: wim }
        const ofWim = { presentity: wim, watcher: pia }
        const pairs = [
          { ...ofPia, pair: there },
          { ...ofWim, pair: back },
        ]
        await storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim] },
          () => ({
            writes: writes({ pairs }),
            result: null,
          }),
        )

        for (const [by, other] of [
          [pia, wim],
          [wim, pia],
        ] as const) {
          const read = await storage().privacy.change(
            { name: 'test', kind: 'REQUEST' as const, by, others: [other] },
            look(({ pair }) => [pair(ofPia), pair(ofWim)]),
          )
          expect(read).toEqual([there, back])
        }
        const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })
        const { incoming: _, outgoing: __, ...decides } = there
        expect(facts.presentities.get(pia)?.pair).toEqual(decides)
      }),
      { numRuns: 100 },
    )
  })

  it('writes a pair over what was there before', async () => {
    await fc.assert(
      fc.asyncProperty(anyPair, anyPair, async (first, second) => {
        const [pia, wim] = [newUser('pia'), newUser('wim')]
        const of = { presentity: pia, watcher: wim }
        for (const pair of [first, second]) {
          await storage().privacy.change(
            { name: 'test', kind: 'REQUEST' as const, by: wim, others: [pia] },
            () => ({
              writes: writes({ pairs: [{ ...of, pair }] }),
              result: null,
            }),
          )
        }
        const scope = { name: 'test', kind: 'REQUEST' as const, by: wim, others: [pia] }
        expect(
          await storage().privacy.change(
            scope,
            look(({ pair }) => pair(of)),
          ),
        ).toEqual(second)
      }),
      { numRuns: 50 },
    )
  })

  it('gives back the preference of whoever makes the change', async () => {
    await fc.assert(
      fc.asyncProperty(anyPreference, async (preference) => {
        const pia = newUser('pia')
        const scope = { name: 'test', kind: 'REQUEST' as const, by: pia, others: [] }
        await storage().privacy.change(scope, () => ({ writes: writes({ preference }), result: null }))
        const user = await storage().privacy.change(
          scope,
          look((snapshot) => snapshot.user(pia)),
        )
        expect(user).toEqual({
          preference,
          presenceServer: 'NONE_KNOWN',
          classOfService: DEFAULT_CLASS,
          appearOfflineForbiddenAt: null,
        })
      }),
      { numRuns: 50 },
    )
  })

  it('finds nothing of users of whom nothing is stored', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const seen = await storage().privacy.change(
      {
        name: 'test',
        kind: 'REQUEST' as const,
        by: pia,
        others: [wim],
        incoming: [],
        outgoing: [],
        clientKey: 'none',
      },
      look((snapshot) => ({
        pair: snapshot.pair({ presentity: wim, watcher: pia }),
        user: snapshot.user(wim),
        contactCount: snapshot.contactCount,
        storedAnswer: snapshot.storedAnswer,
      })),
    )
    expect(seen).toEqual({
      pair: NO_PAIR,
      user: {
        preference: { invitationHandling: 'PROMPT', appearOffline: false, manual: null },
        presenceServer: 'NONE_KNOWN',
        classOfService: DEFAULT_CLASS,
        appearOfflineForbiddenAt: null,
      },
      contactCount: 0,
      storedAnswer: null,
    })
  })

  it('counts the contacts of the user who makes the change, and not the users who have them as a contact', async () => {
    const wim = newUser('wim')
    const others = Array.from({ length: 5 }, () => newUser())
    const contact = { ...NO_PAIR, contactSince: 1_000 }
    await storage().privacy.change({ name: 'test', kind: 'REQUEST' as const, by: wim, others }, () => ({
      writes: writes({
        pairs: others.map((other, place) =>
          place < 3
            ? { presentity: other, watcher: wim, pair: contact }
            : { presentity: wim, watcher: other, pair: contact },
        ),
      }),
      result: null,
    }))
    const scope = { name: 'test', kind: 'REQUEST' as const, by: wim, others: [] }
    expect(
      await storage().privacy.change(
        scope,
        look(({ contactCount }) => contactCount),
      ),
    ).toBe(3)
  })

  it('refuses a look at a user or a pair that is not locked', async () => {
    const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
    const scope = { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim] }
    const looking = (see: Parameters<typeof look>[0]) => storage().privacy.change(scope, look(see))

    await expect(looking(({ user }) => user(eve))).rejects.toThrow('not locked')
    await expect(looking(({ pair }) => pair({ presentity: eve, watcher: pia }))).rejects.toThrow('not locked')
    await expect(looking(({ pair }) => pair({ presentity: wim, watcher: eve }))).rejects.toThrow('not locked')
    await expect(looking(({ pair }) => pair({ presentity: pia, watcher: pia }))).rejects.toThrow('not locked')
  })

  it('a change that throws leaves nothing behind, and holds nobody up', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const scope = { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim] }
    const refusing = storage().privacy.change(scope, () => {
      throw new Error('undecided')
    })
    await expect(refusing).rejects.toThrow('undecided')

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia, wim] })
    expect(facts.presentities.size).toBe(0)
    await expect(
      storage().privacy.change(
        scope,
        look(() => 'decided'),
      ),
    ).resolves.toBe('decided')
  })

  it('a change that cannot be written whole is not written at all', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const of = { presentity: pia, watcher: wim }
    const written = storage().privacy.change(
      { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim] },
      () => ({
        writes: writes({
          pairs: [{ ...of, pair: { ...NO_PAIR, contactSince: 1_000 } }],
          // Cannot be turned into JSON, so the last of all writes fails.
          answer: { clientKey: 'key', fingerprint: 'print', result: unwritable() },
        }),
        result: null,
      }),
    )
    await expect(written).rejects.toThrow()

    const facts = await storage().facts.readFacts({ watcher: wim, presentities: [pia] })
    expect(facts.presentities.size).toBe(0)
  })

  it('decides one change after the other, each on what the one before has written', async () => {
    const [pia, wim] = [newUser('pia'), newUser('wim')]
    const of = { presentity: pia, watcher: wim }
    const counts = Array.from({ length: 20 }, (_, number) => {
      const [by, other] = number % 2 === 0 ? [pia, wim] : [wim, pia]
      return storage().privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by, others: [other] },
        (snapshot) => {
          const pair = snapshot.pair(of)
          const counted = (pair.contactSince ?? 0) + 1
          return {
            writes: writes({ pairs: [{ ...of, pair: { ...pair, contactSince: counted } }] }),
            result: counted,
          }
        },
      )
    })
    expect((await Promise.all(counts)).sort((a, b) => a - b)).toEqual(counts.map((_, number) => number + 1))
  })

  it('changes of the same users in any order never wait for each other in a circle', async () => {
    const users = Array.from({ length: 6 }, () => newUser())
    const changes = Array.from({ length: 60 }, (_, number) => {
      const by = users[number % users.length]!
      const others = users.filter((user) => user !== by)
      if (number % 2 === 0) others.reverse()
      return storage().privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by, others },
        look(() => 'decided'),
      )
    })
    expect(new Set(await Promise.all(changes))).toEqual(new Set(['decided']))
  })

  describe('items and requests by id', () => {
    it('are found by the user whose they are, and by nobody else', async () => {
      const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
      const of = { presentity: pia, watcher: wim }
      const [incoming, outgoing] = [openItem(1_000), openRequest(1_000)]
      await storage().privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by: wim, others: [pia] },
        () => ({
          writes: writes({ pairs: [{ ...of, pair: { ...NO_PAIR, incoming, outgoing } }] }),
          result: null,
        }),
      )
      const ids = { incoming: [incoming.id, randomUUID()], outgoing: [outgoing.id, randomUUID()] }
      const found = (by: typeof pia) =>
        storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by, others: [], ...ids },
          look((snapshot) => ({
            incoming: [...snapshot.incoming],
            outgoing: [...snapshot.outgoing],
          })),
        )

      expect(await found(pia)).toEqual({
        incoming: [[incoming.id, { watcher: wim, item: incoming }]],
        outgoing: [],
      })
      expect(await found(wim)).toEqual({
        incoming: [],
        outgoing: [[outgoing.id, { presentity: pia, request: outgoing }]],
      })
      expect(await found(eve)).toEqual({ incoming: [], outgoing: [] })
    })

    it('tell their owner the other end of each pair, once, and leave out ids of others', async () => {
      const [pia, wim, eve] = [newUser('pia'), newUser('wim'), newUser('eve')]
      const of = { presentity: pia, watcher: wim }
      const items = [openItem(1_000), openItem(2_000)]
      const outgoing = openRequest(1_000)
      await storage().privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by: wim, others: [pia] },
        () => ({
          writes: writes({
            pairs: [{ ...of, pair: { ...NO_PAIR, outgoing } }],
            incoming: items.map((item) => ({ ...of, item })),
          }),
          result: null,
        }),
      )
      const { privacy } = storage()
      const ids = [...items.map(({ id }) => id), outgoing.id, randomUUID()]

      expect(await privacy.watchersOf({ presentity: pia, ids })).toEqual([wim])
      expect(await privacy.watchersOf({ presentity: wim, ids })).toEqual([])
      expect(await privacy.watchersOf({ presentity: eve, ids })).toEqual([])
      expect(await privacy.presentitiesOf({ watcher: wim, ids })).toEqual([pia])
      expect(await privacy.presentitiesOf({ watcher: pia, ids })).toEqual([])
      expect(await privacy.presentitiesOf({ watcher: eve, ids })).toEqual([])
    })

    it('an id that nothing could ever have is one that is not found', async () => {
      const { privacy } = storage()
      const ids = ['', 'no-uuid', `${randomUUID()}x`, `{${randomUUID()}}`, '\u0000']
      const [pia] = [newUser('pia')]

      expect(await privacy.watchersOf({ presentity: pia, ids })).toEqual([])
      expect(await privacy.presentitiesOf({ watcher: pia, ids })).toEqual([])
      const found = await privacy.change(
        { name: 'test', kind: 'REQUEST' as const, by: pia, others: [], incoming: ids, outgoing: ids },
        look(({ incoming, outgoing }) => incoming.size + outgoing.size),
      )
      expect(found).toBe(0)
    })

    it('an item stays with its pair, and keeps its times, whatever is written of it later', async () => {
      const [pia, wim] = [newUser('pia'), newUser('wim')]
      const of = { presentity: pia, watcher: wim }
      const item = openItem(1_000)
      for (const incoming of [
        item,
        { ...item, state: 'DISMISSED', askedAt: 9_000, endsAt: 9_500 } as const,
      ]) {
        await storage().privacy.change(
          { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim] },
          () => ({
            writes: writes({ incoming: [{ ...of, item: incoming }] }),
            result: null,
          }),
        )
      }
      const scope = { name: 'test', kind: 'REQUEST' as const, by: pia, others: [wim], incoming: [item.id] }
      const found = await storage().privacy.change(
        scope,
        look(({ incoming }) => incoming.get(item.id)),
      )
      expect(found).toEqual({ watcher: wim, item: { ...item, state: 'DISMISSED' } })
    })
  })
})

/** A result that no storage can take. */
function unwritable(): StoredAnswer['result'] {
  return {
    outcomes: [],
    contacts: [],
    get alwaysAcceptRefused(): null {
      throw new Error('this cannot be written')
    },
  }
}
