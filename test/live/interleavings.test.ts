import { describe, it } from 'vitest'
import type { Act } from '../simulation/live-acts.ts'
import { anyAct, KINDS, open, pairOf } from '../simulation/live-acts.ts'
import { interleave, type Choose, type Story } from '../simulation/interleave.ts'
import { seededRandom, type Random } from '../simulation/live-random.ts'

/** Ana is looked at by Ben, and by Cas where it says so. */
const [ANA, BEN, CAS] = [0, 1, 2]
const OF = { presentity: ANA, watcher: BEN }

const publish = (user = ANA): Act => ({
  act: 'publish',
  user,
  device: 'desk',
  status: 'BUSY',
  leaseMs: 60_000,
  inactiveForMs: 0,
})
const allow = (of = OF): Act => ({ act: 'allow', ...of, forMs: null })
const block = (of = OF): Act => ({ act: 'block', ...of })
const add = (of = OF): Act => ({ act: 'add contact', ...of })
const remove = (of = OF): Act => ({ act: 'remove contact', ...of })
const erase = (user = ANA): Act => ({ act: 'erase', user })
const close = (stream = 0): Act => ({ act: 'close', stream, forMs: 0 })
const lookAway = (stream = 0): Act => ({ act: 'look away', stream, forMs: 1000 })
const requireContacts: Act = {
  act: 'change class',
  name: 'default',
  settings: { invitationHandling: 'PROMPT' },
}
const watch = (watcher = BEN, users: readonly number[] | 'CONTACTS' = [ANA], asks = false): Act => ({
  act: 'open',
  watcher,
  users,
  on: 0,
  asks,
})
const blockBack = block({ presentity: BEN, watcher: ANA })

const STORIES: Record<string, Story> = {
  'she blocks while a stream of hers reads its first facts': {
    before: [allow(), publish()],
    meanwhile: [watch(), block(), publish()],
  },
  'she allows while a stream of hers reads its first facts': {
    before: [publish()],
    meanwhile: [watch(), allow(), publish()],
  },
  'she blocks while facts about her are read anew': {
    before: [publish(), watch()],
    meanwhile: [allow(), block(), publish()],
  },
  'he blocks her back while she is looked at': {
    before: [allow(), publish(), watch()],
    meanwhile: [publish(), blockBack, publish()],
  },
  'she blocks while the contact list that she is put on is followed': {
    before: [allow(), publish(), watch(BEN, 'CONTACTS')],
    meanwhile: [add(), block()],
  },
  'she is taken off a contact list that she has just been put on': {
    before: [allow(), publish(), watch(BEN, 'CONTACTS')],
    meanwhile: [add(), remove()],
  },
  'she is put on a list again while her removal is followed': {
    before: [allow(), publish(), add(), watch(BEN, 'CONTACTS')],
    meanwhile: [remove(), add()],
  },
  'a stream leaves and another one of his begins while she blocks': {
    before: [allow(), publish(), watch()],
    meanwhile: [watch(), block(), close()],
  },
  'somebody else begins to look while she blocks the one who looks': {
    before: [allow(), allow({ presentity: ANA, watcher: CAS }), publish(), watch()],
    meanwhile: [block(), watch(CAS)],
  },
  'a read fails in the middle of a block': {
    before: [allow(), publish(), watch()],
    meanwhile: [block(), publish()],
    readsMayFail: true,
  },
  'a read of a contact list fails': {
    before: [allow(), publish(), watch(BEN, 'CONTACTS')],
    meanwhile: [add(), publish()],
    readsMayFail: true,
  },
  'she is erased while she is looked at': {
    before: [allow(), publish(), add(), watch(BEN, 'CONTACTS')],
    meanwhile: [publish(), erase()],
  },
  'she is erased, and is somebody again under the same id': {
    before: [allow(), publish(), watch()],
    meanwhile: [erase(), allow()],
  },
  'he is erased while he looks': {
    before: [allow(), publish(), watch()],
    meanwhile: [publish(), erase(BEN)],
  },
  'a class begins to require contacts while she allows': {
    before: [publish(), watch()],
    meanwhile: [allow(), requireContacts],
  },
  'a class begins to require contacts while a stream begins': {
    before: [allow(), publish()],
    meanwhile: [watch(), requireContacts, publish()],
  },
  'somebody else begins to look while she goes on': {
    before: [allow(), allow({ presentity: ANA, watcher: CAS }), publish(), watch()],
    meanwhile: [publish(), watch(CAS), publish()],
  },
  'he does not read while she blocks': {
    before: [allow(), publish(), watch()],
    meanwhile: [lookAway(), publish(), block()],
  },
  'he asks for one event after another while his contact list moves': {
    before: [allow(), publish(), watch(BEN, 'CONTACTS', true)],
    meanwhile: [add(), block()],
  },
}

describe('whatever is told, read and answered first: nothing outruns a revocation, and all is shown in the end, when', () => {
  it.each(Object.entries(STORIES))('%s', async (_, story) => {
    await everyOrder((choose) => interleave(story, choose))
  })

  it('anything happens', { timeout: 120_000 }, async () => {
    for (let seed = 1; seed <= 3000; seed += 1) {
      const random = seededRandom(seed)
      const story = anyStory(random)
      const choose: Choose = (options) => random.between(0, options - 1)
      await interleave(story, choose).catch((cause: unknown) => {
        throw new Error(`seed ${String(seed)}: ${String(cause)}\n${JSON.stringify(story, null, 1)}`, {
          cause,
        })
      })
    }
  })
})

/** Takes it in one order after another, until there is none left. Fails with the choices of the first that fails. */
async function everyOrder(take: (choose: Choose) => Promise<void>): Promise<void> {
  let next: readonly number[] | null = []
  while (next !== null) {
    const chosen: number[] = []
    const options: number[] = []
    const planned: readonly number[] = next
    const choose: Choose = (count) => {
      options.push(count)
      chosen.push(planned[chosen.length] ?? 0)
      return chosen.at(-1)!
    }
    await take(choose).catch((cause: unknown) => {
      throw new Error(`${String(cause)}, with the choices ${chosen.join(' ')}`, { cause })
    })
    const last = chosen.findLastIndex((choice, place) => choice + 1 < options[place]!)
    next = last < 0 ? null : [...chosen.slice(0, last), chosen[last]! + 1]
  }
}

function anyStory(random: Random): Story {
  const watched = Array.from({ length: random.between(1, 3) }, () => open(random, 1))
  const around = { pair: () => pairOf(random, random.pick(watched)), instances: 1, watched }
  const acts = (most: number): Act[] =>
    Array.from({ length: random.between(1, most) }, () => anyAct(random, KINDS, around))
  const begun = random.between(0, watched.length)
  return {
    before: [publish(ANA), publish(BEN), allow(), ...acts(8), ...watched.slice(0, begun)],
    meanwhile: [...watched.slice(begun), ...acts(8)],
    readsMayFail: random.chance(0.3),
    timeMayPass: random.chance(0.5),
  }
}
