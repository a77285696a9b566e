import {
  ACCEPTS_ALL,
  CLASSES_REPEAT,
  CONTACTS_OF_VIEWER,
  OTHERS_OF_VIEWER,
  otherOf,
  unknownId,
  userId,
  type Scene,
} from './scene.ts'

/** What a gateway, or a frontend, asks of every variant in the same words. */
export type Workload = { readonly name: string } & (
  { readonly kind: 'entities'; readonly representations: number } | { readonly kind: 'contacts' }
)

export const W1: Workload = { name: 'W1: 50 users', kind: 'entities', representations: 50 }
export const W2: Workload = { name: 'W2: one user', kind: 'entities', representations: 1 }
export const W3: Workload = { name: 'W3: list of 150', kind: 'contacts' }

/** One asks another for access, or answers what she was asked. */
export const ASKING = 'W4: asking'
export const ANSWERING = 'W4: answering'

export type Request = { readonly viewer: number; readonly body: string }

const ENTITIES =
  'query ContactList__presence__0($representations:[_Any!]!){_entities(representations:$representations){...on User{presence{status activity note}presenceAccess}}}'
const CONTACTS =
  'query Contacts($first:Int!){presencePrivacy{contacts(first:$first){nodes{user{id}presence{status activity note}access}pageInfo{hasNextPage endCursor}totalCount}}}'

const ASK =
  'mutation Ask($input:RequestPresenceAccessInput!){requestPresenceAccess(input:$input){results{outcome access}}}'
const ANSWER =
  'mutation Answer($input:RespondToRequestsInput!){respondToRequests(input:$input){outcomes{outcome decision}}}'

/** What both are answered, by whichever variant. */
export const ASKED = '{"data":{"requestPresenceAccess":{"results":[{"outcome":"ASKED","access":"PENDING"}]}}}'
export const ANSWERED =
  '{"data":{"respondToRequests":{"outcomes":[{"outcome":"APPLIED","decision":"ALLOWED"}]}}}'

/** Viewers who ask others of them, with whom they have had nothing to do; `turn` says which ones. Nobody is asked who accepts all. */
export function askingsOf({ viewers }: Scene, turn: number, count: number): readonly Request[] {
  return numbers(viewers)
    .map((viewer) => ({ viewer, presentity: (viewer + turn) % viewers }))
    .filter(({ presentity }) => presentity % CLASSES_REPEAT !== ACCEPTS_ALL)
    .slice(0, count)
    .map(({ viewer, presentity }) => ({
      viewer,
      body: JSON.stringify({
        query: ASK,
        operationName: 'Ask',
        variables: { input: { userIds: [userId(presentity)] } },
      }),
    }))
}

/** A presentity, and the id of what waits for her. */
export function answering({ viewer, id }: { readonly viewer: number; readonly id: string }): Request {
  const input = { presentedIds: [id], tickedIds: [id] }
  return { viewer, body: JSON.stringify({ query: ANSWER, operationName: 'Answer', variables: { input } }) }
}

/** Of each fifty: 20 contacts, 10 with whom the viewer has to do in other ways, 18 strangers, 2 of whom nothing is stored. */
const CONTACTS_OF_FIFTY = 20
const OTHERS_OF_FIFTY = 30
const KNOWN_OF_FIFTY = 48

/** One request of each viewer, who is another one each time; `turn` says which ids they ask for. */
export function requestsOf(workload: Workload, scene: Scene, turn: number): readonly Request[] {
  const next = random(turn)
  return shuffled(numbers(scene.viewers), next).map((viewer) => ({
    viewer,
    body:
      workload.kind === 'contacts'
        ? JSON.stringify({
            query: CONTACTS,
            operationName: 'Contacts',
            variables: { first: CONTACTS_OF_VIEWER },
          })
        : JSON.stringify({
            query: ENTITIES,
            operationName: 'ContactList__presence__0',
            variables: {
              representations: askedFor(scene, viewer, workload.representations, next).map((id) => ({
                __typename: 'User',
                id,
              })),
            },
          }),
  }))
}

function askedFor(scene: Scene, viewer: number, count: number, next: () => number): readonly string[] {
  const contacts = shuffled(numbers(CONTACTS_OF_VIEWER), next)
  const others = shuffled(numbers(OTHERS_OF_VIEWER - CONTACTS_OF_VIEWER), next)
  const known = new Set<number>()
  const idAt = (place: number): string => {
    const ofFifty = count === 1 ? Math.floor(next() * 50) : place % 50
    if (ofFifty >= KNOWN_OF_FIFTY) return unknownId(place)
    let user: number | undefined
    if (ofFifty < CONTACTS_OF_FIFTY) user = contacts.pop()
    else if (ofFifty < OTHERS_OF_FIFTY) user = (others.pop() ?? 0) + CONTACTS_OF_VIEWER
    let found = user === undefined ? -1 : otherOf(scene, viewer, user)
    while (found === -1 || known.has(found)) found = Math.floor(next() * scene.users)
    known.add(found)
    return userId(found)
  }
  return shuffled(numbers(count).map(idAt), next)
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, place) => place)
}

function shuffled<Item>(items: Item[], next: () => number): Item[] {
  for (let place = items.length - 1; place > 0; place--) {
    const other = Math.floor(next() * (place + 1))
    const [one, two] = [items[place], items[other]] as [Item, Item]
    items[place] = two
    items[other] = one
  }
  return items
}

/** The same numbers for the same turn, so that every variant is asked the same (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
