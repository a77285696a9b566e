/** Who looks at whom, the same for every variant. */
export type Scene = {
  /** Everybody who has a socket. */
  readonly users: readonly string[]
  /** Whom each watcher has in his contact list; whoever looks at nobody is left out. */
  readonly contacts: Readonly<Record<string, readonly string[]>>
  /** Has the presentities of the fan in his contact list, too, and is blocked by all of them: nothing of them may reach him. */
  readonly denied: string
}

/** Who changes in a workload. */
export type Publishers = 'quiet' | 'few' | 'many' | 'mesh'

export const WATCHERS_OF_FEW = 50
export const WATCHERS_OF_MANY = 500
const MESH_USERS = 400
const CONTACTS_IN_MESH = 50
/** A burst takes as many presentities: of one who changes again at once, the hub hands on the latest, and XMPP everything. */
export const PUBLISHERS = 16

export const DENIED = 'denied'

/** Whom nobody looks at, who is looked at by 50, by 500, and who is in a mesh where each looks at 50. */
export const publishers: Readonly<Record<Publishers, readonly string[]>> = {
  quiet: named('quiet', PUBLISHERS),
  few: named('few', PUBLISHERS),
  many: named('many', PUBLISHERS),
  mesh: named('mesh', MESH_USERS),
}

export function liveScene(): Scene {
  const watchers = named('watcher', WATCHERS_OF_MANY)
  const contacts = {
    ...Object.fromEntries(
      watchers.map((watcher, place) => [
        watcher,
        place < WATCHERS_OF_FEW ? [...publishers.few, ...publishers.many] : publishers.many,
      ]),
    ),
    ...ring(publishers.mesh, CONTACTS_IN_MESH),
    [DENIED]: [...publishers.few, ...publishers.many],
  }
  return {
    users: [...Object.values(publishers).flat(), ...watchers, DENIED],
    contacts,
    denied: DENIED,
  }
}

/** Everybody looks at his neighbours on both sides. */
export function ring(users: readonly string[], contactsOfEach: number): Record<string, readonly string[]> {
  const half = contactsOfEach / 2
  const steps = Array.from({ length: half }, (_, step) => [step + 1, -step - 1]).flat()
  return Object.fromEntries(
    users.map((user, place) => [
      user,
      steps.map((step) => users[(place + step + users.length) % users.length] ?? user),
    ]),
  )
}

/** Those who must be told of each change of a presentity, and nobody else. */
export function watchersOf({ contacts, denied }: Scene): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  for (const [watcher, presentities] of Object.entries(contacts)) {
    if (watcher === denied) continue
    for (const presentity of presentities) {
      const watchers = found.get(presentity)
      if (watchers === undefined) found.set(presentity, [watcher])
      else watchers.push(watcher)
    }
  }
  return found
}

export function named(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, place) => `${name}-${place}`)
}
