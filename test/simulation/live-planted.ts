import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type {
  LiveFacts,
  RevisedFacts,
  Revision,
  WatchedPresentity,
} from '../../src/application/live-ports.ts'
import type { PairFacts } from '../../src/application/ports.ts'
import type { UserId } from '../../src/domain/user-id.ts'
import type { OpenHub, Tamper } from './live-instance.ts'

/** What makes an instance's reads wrong in one way, and leaves all else as it is. */
export const TAMPERED_READS = {
  'whether she is shown is decided once, when the stream begins': () => (live) => {
    const first = new Map<string, Revision>()
    return withRevisions(live, (of, revision) => {
      if (!first.has(of)) first.set(of, revision)
      return first.get(of)!
    })
  },

  'what is permitted is remembered for 100 ms':
    ({ now }) =>
    (live) => {
      const remembered = new Map<string, { readonly at: number; readonly revision: Revision }>()
      return withRevisions(live, (of, revision) => {
        const before = remembered.get(of)
        if (before !== undefined && now() - before.at < 100) return before.revision
        remembered.set(of, { at: now(), revision })
        return revision
      })
    },

  'what is permitted is known by the last signal, and not read':
    ({ hears }) =>
    (live) => {
      const known = new Map<string, Revision>()
      hears((users) => {
        for (const of of users ?? [...known.keys()]) known.delete(of)
      })
      return withRevisions(live, (of, revision) => {
        if (!known.has(of)) known.set(of, revision)
        return known.get(of)!
      })
    },

  'sessions are looked at by a later statement than revisions': () => (live) => ({
    ...live,
    async look(look) {
      const { moved, settings, presentities } = await live.look(look)
      const later = await live.look(look)
      return {
        now: later.now,
        moved,
        settings,
        presentities: mapped(later.presentities, (watched, id) => ({
          ...watched,
          revision: presentities.get(id)?.revision ?? watched.revision,
        })),
      }
    },
  }),

  'sessions are read by a later statement than the facts of pairs': () => (live) => ({
    ...live,
    async factsOfPairs(pairs) {
      const facts = await live.factsOfPairs(pairs)
      const later = await live.factsOfPairs(pairs)
      return mapped(facts, (ofWatcher, watcher) => ({
        ...ofWatcher,
        presentities: mapped(ofWatcher.presentities, (of, id) => ({
          ...of,
          sessions: later.get(watcher)?.presentities.get(id)?.sessions ?? [],
        })),
      }))
    },
  }),

  'the revisions of watchers are not compared': () => (live) => ({
    ...live,
    look: async (look) => ({ ...(await live.look(look)), moved: [] }),
  }),

  'the revision of settings is not compared': () => (live) =>
    withRevisions(live, (of, revision) => (of === SETTINGS ? '1' : revision)),

  'facts of a pair are remembered for 100 ms':
    ({ now }) =>
    (live) => {
      const remembered = new Map<string, { readonly at: number; readonly pair: PairFacts }>()
      return {
        ...live,
        factsOfPairs: async (pairs) =>
          mapped(await live.factsOfPairs(pairs), (facts, watcher) => ({
            ...facts,
            presentities: mapped(facts.presentities, (of, id) => {
              const before = remembered.get(`${watcher} ${id}`)
              if (before !== undefined && now() - before.at < 100) return { ...of, pair: before.pair }
              remembered.set(`${watcher} ${id}`, { at: now(), pair: of.pair })
              return of
            }),
          })),
      }
    },
} satisfies Record<string, (around: Around) => (live: LiveFacts) => LiveFacts>

type Around = {
  readonly now: () => number
  /** Null is everybody. */
  readonly hears: (listener: (users: readonly string[] | null) => void) => void
}

export function tamperedReads(name: keyof typeof TAMPERED_READS): Tamper {
  return (live, { time, signals }) =>
    TAMPERED_READS[name]({
      now: time.now,
      hears(listener) {
        signals.subscribeToAll((hint) => {
          listener(hint === 'ANYTHING' ? null : hint === 'SETTINGS' ? [SETTINGS] : hint.users)
        })
      },
    })(live)
}

const SETTINGS = '(settings)'

/** Every revision that is read, as `told` has it. */
function withRevisions(live: LiveFacts, told: (of: string, revision: Revision) => Revision): LiveFacts {
  const facts = (read: RevisedFacts, watcher: UserId): RevisedFacts => ({
    ...read,
    revisions: {
      settings: told(SETTINGS, read.revisions.settings),
      watcher: told(watcher, read.revisions.watcher),
      presentities: mapped(read.revisions.presentities, (revision, id) => told(id, revision)),
    },
  })
  return {
    async look({ presentities, watchers }) {
      // With no revision given as known, each is named by one call or the other.
      const found = await live.look({ presentities, watchers })
      const moved = [...watchers].flatMap(([id, known]) => {
        const actual = found.moved.includes(id) ? `after ${known}` : known
        return told(id, actual) === known ? [] : [id]
      })
      return {
        now: found.now,
        settings: told(SETTINGS, found.settings),
        presentities: mapped(found.presentities, (watched, id): WatchedPresentity => ({
          ...watched,
          revision: told(id, watched.revision),
        })),
        moved,
      }
    },
    factsOfPairs: async (pairs) => mapped(await live.factsOfPairs(pairs), facts),
    contactFacts: async (look) => facts(await live.contactFacts(look), look.watcher),
  }
}

function mapped<Key, Value, Other>(
  values: ReadonlyMap<Key, Value>,
  to: (value: Value, key: Key) => Other,
): ReadonlyMap<Key, Other> {
  return new Map([...values].map(([key, value]) => [key, to(value, key)]))
}

/** One wrong line in the hub: what is written there now, and what a hasty hand might have written. */
type WrongLine = { readonly file: string; readonly is: string; readonly becomes: string }

export const WRONG_LINES: Readonly<Record<string, WrongLine>> = {
  'hints that come while a stream is opened are lost': {
    file: 'hints-meanwhile.ts',
    is: 'hint.users.forEach((user) => heard.users.add(user))',
    becomes: 'void heard',
  },
  'hints that anything may have changed while a stream is opened are lost': {
    file: 'hints-meanwhile.ts',
    is: 'heard.anything = true',
    becomes: 'void heard',
  },
  'hints about whoever is being added to a contact list are lost': {
    file: 'follow-contacts.ts',
    is: 'hub.doubtful.presentities.add(entry.presentity)',
    becomes: '',
  },
  'nobody looks when something is due': {
    file: 'presence-hub.ts',
    is: 'for (const presentity of hub.due.take(loop.databaseNow())) hub.doubtful.presentities.add(presentity)',
    becomes: '',
  },
  'a pair is not looked at when it ends by time': {
    file: 'presence-tick.ts',
    is: 'next = earlier(next, nextPairChange(pair, now))',
    becomes: '',
  },
  'ticks overlap': { file: 'tick-loop.ts', is: 'if (!running) begin()', becomes: 'begin()' },
  'a tick decides for a stream that began after it had read': {
    file: 'presence-tick.ts',
    is: 'stream.since >= ticks',
    becomes: 'stream.since > ticks',
  },
  'the revision of a presentity is not compared': {
    file: 'presence-tick.ts',
    is: 'if (presentity.revision !== revision) presentity.revision = null',
    becomes: 'if (presentity.revision === revision) continue',
  },
  'a watcher who has moved is decided for all the same': {
    file: 'presence-tick.ts',
    is: 'if (watcher.revision === null) continue',
    becomes: '',
  },
  'a stream that is opened hides that its presentity has moved': {
    file: 'watch-list.ts',
    is: 'if (known.revision !== revision) known.revision = null',
    becomes: 'known.revision = revision',
  },
  'a stream that is opened hides that its watcher has moved': {
    file: 'watch-list.ts',
    is: 'if (known.revision !== revisions.watcher) known.revision = null',
    becomes: 'known.revision = revisions.watcher',
  },
  'a presentity counts as read though some of her entries were not': {
    file: 'settle.ts',
    is: 'if (anew.presentities.has(presentity) && complete) presentity.revision = revision',
    becomes: 'if (complete || !complete) presentity.revision = revision',
  },
  'a watcher counts as read though some of his streams were not': {
    file: 'settle.ts',
    is: 'watcher.revision = complete ? revision : null',
    becomes: 'watcher.revision = complete ? revision : revision',
  },
  'the class of a watcher stays as it was read first': {
    file: 'settle.ts',
    is: 'watcher.watcherClass = { invitationHandling: facts.watcherClass.invitationHandling }',
    becomes: '',
  },
  'what a tick that failed was about is forgotten': {
    file: 'tick-loop.ts',
    is: 'for (const presentity of scope.presentities) doubtful.presentities.add(presentity)',
    becomes: '',
  },
  'whoever was erased stays in contact lists': {
    file: 'presence-tick.ts',
    is: 'if (!isGone && !read.watcherErased && watcher.revision === read.revisions.watcher) continue',
    becomes: 'if (isGone || (!read.watcherErased && watcher.revision === read.revisions.watcher)) continue',
  },
  "an erased watcher's streams go on": {
    file: 'refresh.ts',
    is: 'for (const [watcher, facts] of byWatcher) if (facts.watcherErased) endStreamsOf(hub, watcher)',
    becomes: '',
  },
  'streams are never blind': {
    file: 'presence-hub.ts',
    is: 'const BLIND_AFTER_MS = 10_000',
    becomes: 'const BLIND_AFTER_MS = 600_000',
  },
  'a tick shows all afresh while streams are blind': {
    file: 'hand-over.ts',
    is: 'if (hub.blind || !stream.awaitsSnapshot',
    becomes: 'if (!stream.awaitsSnapshot',
  },
  'a blind stream that awaits a snapshot hides only what it would have told': {
    file: 'stream-health.ts',
    is: 'const { entries, sink, awaitsSnapshot } = stream',
    becomes: 'const { entries, sink } = stream; const awaitsSnapshot = stream.entries.length < 0',
  },
  'no snapshot follows when it can be verified again': {
    file: 'presence-hub.ts',
    is: 'hideAll(hub, stream)\n      stream.awaitsSnapshot = true',
    becomes: 'hideAll(hub, stream)',
  },
  'what is shown already is told again': {
    file: 'outbox.ts',
    is: 'if (isSame(entry.shown.presence, shown.presence)) return',
    becomes: '',
  },
  'what changed while nobody read is forgotten': {
    file: 'outbox.ts',
    is: 'stream.behind.add(entry.presentity)',
    becomes: '',
  },
}

/** The hub with one wrong line. Fails when the hub no longer has the line as it should be: then what is planted must be planted anew. */
export async function hubWith({ file: wrong, is, becomes }: WrongLine): Promise<{
  readonly openHub: OpenHub
  readonly remove: () => Promise<void>
}> {
  const source = new URL('../../src/live/', import.meta.url)
  const folder = await mkdtemp(join(tmpdir(), 'wrong-hub-'))
  for (const file of await readdir(source)) {
    let text = await readFile(new URL(file, source), 'utf8')
    if (file === wrong) {
      if (text.split(is).length !== 2) throw new Error(`src/live/${wrong} does not have once: ${is}`)
      text = text.replace(is, () => becomes)
    }
    const here = text
      .replaceAll("'../", `'${new URL('../', source).pathname}`)
      // There is one class of that error, whichever hub throws it.
      .replaceAll("'./presence-event.ts'", `'${new URL('presence-event.ts', source).pathname}'`)
    await writeFile(join(folder, file), here)
  }
  const { presenceHub } = (await import(
    /* @vite-ignore */ pathToFileURL(join(folder, 'presence-hub.ts')).href
  )) as {
    presenceHub: OpenHub
  }
  return { openHub: presenceHub, remove: () => rm(folder, { recursive: true }) }
}
