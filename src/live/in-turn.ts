import { hasMoved, type HubState, type Scope } from './hub-state.ts'
import type { Presentity, Watcher } from './watch-list.ts'

/**
 * Something for a watcher that waits until everything that was heard of before is handed over to them: a popup, the first snapshot of a
 * stream. Which of two frames comes first then depends on the order in which their causes were heard of, and not on how long it took to
 * read either. Of the causes that lead to Offline, one would be told by that from another.
 */
export type Turn = {
  readonly watcher: Watcher
  /** What is to be decided before, each with the number of the tick that may decide it at the earliest. */
  readonly missing: Map<Presentity | Watcher, number>
  readonly done: () => void
}

/** Calls `done` at once if nothing is to be decided that any stream of the watcher shows. */
export function inTurn(hub: HubState, watcher: Watcher, done: () => void): void {
  const { doubtful, running } = hub
  if (running !== null && hasMoved(watcher)) doubtful.watchers.add(watcher)
  if (running === null && doubtful.presentities.size === 0 && doubtful.watchers.size === 0) return done()
  const missing: Turn['missing'] = new Map()
  const missed = <One extends Presentity | Watcher>(
    one: One,
    { waiting, read }: { readonly waiting: ReadonlySet<One>; readonly read: ReadonlySet<One> | undefined },
  ): void => {
    if (waiting.has(one)) missing.set(one, hub.ticks + 1)
    else if (read?.has(one) === true) missing.set(one, hub.ticks)
  }
  missed(watcher, { waiting: doubtful.watchers, read: running?.watchers })
  for (const { entries } of watcher.streams) {
    for (const { presentity } of entries)
      missed(presentity, { waiting: doubtful.presentities, read: running?.presentities })
  }
  if (missing.size === 0) return done()
  hub.turns.add({ watcher, missing, done })
}

/** The same as a promise; undefined if nothing is to be waited for. */
export function whenInTurn(hub: HubState, watcher: Watcher): Promise<void> | undefined {
  const turn = { has: 'not come' as 'come' | 'not come' }
  const come = new Promise<void>((resolve) => {
    inTurn(hub, watcher, () => {
      turn.has = 'come'
      resolve()
    })
  })
  return turn.has === 'come' ? undefined : come
}

/** What the tick under way has decided for some watchers is not missing any more. Of those who were refreshed, nothing is. */
export function decidedFor(
  hub: HubState,
  { presentities, watchers }: Scope,
  isDecided: (watcher: Watcher) => boolean,
  refreshed: ReadonlySet<Watcher> = new Set(),
): void {
  for (const turn of hub.turns) {
    const { watcher, missing } = turn
    if (!isDecided(watcher)) continue
    for (const [one, earliest] of missing) {
      if (earliest > hub.ticks) continue
      const isInScope = presentities.has(one as Presentity) || watchers.has(one as Watcher)
      if (isInScope || refreshed.has(watcher)) missing.delete(one)
    }
    end(hub, turn)
  }
}

/** At the end of a tick: what is not in doubt any more was decided. A watcher who has moved is refreshed by the next one, and that decides. */
export function tickEnded(hub: HubState): void {
  const { doubtful, ticks } = hub
  for (const turn of hub.turns) {
    const { watcher, missing } = turn
    for (const [one, earliest] of missing) {
      const isInDoubt = doubtful.presentities.has(one as Presentity) || doubtful.watchers.has(one as Watcher)
      if (earliest <= ticks && !isInDoubt) missing.delete(one)
    }
    if (hasMoved(watcher)) {
      doubtful.watchers.add(watcher)
      missing.set(watcher, ticks + 1)
    }
    end(hub, turn)
  }
}

/** Nothing is decided for a while, or ever. */
export function endTurns(hub: HubState): void {
  for (const turn of hub.turns) {
    turn.missing.clear()
    end(hub, turn)
  }
}

function end(hub: HubState, turn: Turn): void {
  if (turn.missing.size > 0) return
  hub.turns.delete(turn)
  turn.done()
}
