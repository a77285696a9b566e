import { changeClass, CLASSES, open, pairOf, publish, WATCHERS, type Act, type Around } from './live-acts.ts'
import { READS, SIGNALS } from './live-instance.ts'
import type { Random } from './live-random.ts'

type Name = keyof ReturnType<typeof actsOf>

/** What has to come together for an argument of docs/adr/0006-verified-at-delivery.md to be needed. */
const DECISIVE = {
  'a stream begins while a tick reads, and has read later': [
    'allow',
    'slow',
    'publish',
    'open',
    'publish',
    'publish',
  ],
  'a stream begins and has read earlier than the tick': ['allow', 'publish', 'slow', 'open', 'blockBack'],
  'a stream begins while a tick reads, and has read what that has not': [
    'allow',
    'slow',
    'publish',
    'late',
    'publish',
    'quick',
    'openOther',
  ],
  'signals fail while a stream begins': ['slow', 'cut', 'openOther', 'quick', 'publish', 'heal'],
  'whoever is on a contact list is erased while signals fail': ['add', 'cut', 'erase', 'heal', 'assignHer'],
  'whoever is added to a contact list moves': ['allow', 'remove', 'slow', 'add', 'publish', 'publish'],
  'permission and presence move together': ['allow', 'publish', 'block', 'publish'],
  'a contact list moves': ['remove', 'add', 'block'],
} as const satisfies Record<string, readonly Name[]>

const DECISIVE_MEETINGS = Object.keys(DECISIVE) as (keyof typeof DECISIVE)[]

export function decisiveMeeting(
  random: Random,
  around: Around,
  meeting = random.pick(DECISIVE_MEETINGS),
): Act[] {
  return told(DECISIVE[meeting], random, around)
}

/** Acts that come together by chance. */
export function anyMeeting(random: Random, around: Around): Act[] {
  if (random.chance(0.3)) return decisiveMeeting(random, around)
  const names = Object.keys(actsOf(random, around)) as Name[]
  const story = Array.from({ length: random.between(2, 6) }, () =>
    random.chance(0.3) ? 'publish' : random.pick(names),
  )
  return told(story, random, around)
}

function told(story: readonly Name[], random: Random, around: Around): Act[] {
  const acts = actsOf(random, around)
  return story.map((name) => acts[name]())
}

/** Acts about one pair, at an instance where somebody looks at it. */
function actsOf(random: Random, { watched, instances }: Around) {
  const stream = random.pick(watched)
  const { on } = stream
  const of = pairOf(random, stream)
  const openOf = (watcher: number) => ({
    ...open(random, instances),
    on,
    watcher,
    users: random.chance(0.4) ? ('CONTACTS' as const) : [of.presentity],
  })
  return {
    publish: () => publish(random, of.presentity),
    allow: () => ({ act: 'allow', ...of, forMs: random.chance(0.2) ? random.between(20, 2000) : null }),
    block: () => ({ act: 'block', ...of }),
    blockBack: () => ({ act: 'block', presentity: of.watcher, watcher: of.presentity }),
    add: () => ({ act: 'add contact', ...of }),
    remove: () => ({ act: 'remove contact', ...of }),
    assign: () => ({ act: 'assign class', user: of.watcher, name: random.pick(CLASSES) }),
    assignHer: () => ({ act: 'assign class', user: of.presentity, name: random.pick(CLASSES) }),
    change: () => changeClass(random),
    erase: () => ({ act: 'erase', user: of.presentity }),
    open: () => openOf(of.watcher),
    /** What the streams of one watcher show is held together; another watcher has nothing to be held to. */
    openOther: () => openOf(WATCHERS - 1 - of.watcher),
    slow: () => ({ act: 'reads become', on, reads: 'SLOW' }),
    quick: () => ({ act: 'reads become', on, reads: 'QUICK' }),
    troubled: () => ({ act: 'reads become', on, reads: random.pick(READS) }),
    cut: () => ({ act: 'signals become', on, arrive: 'CUT' }),
    heal: () => ({ act: 'signals become', on, arrive: 'PROMPT' }),
    late: () => ({ act: 'signals become', on, arrive: 'LATE' }),
    disturbed: () => ({ act: 'signals become', on, arrive: random.pick(SIGNALS) }),
  } as const satisfies Record<string, () => Act>
}
