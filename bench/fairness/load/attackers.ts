/** One attacker at a time, in a process of their own. Is told over IPC what to do. */
import { connect } from 'node:net'
import { serveTasks } from '../../child-tasks.ts'
import { openWebSocket, type WebSocketLine } from '../../live/load/web-socket-line.ts'
import { ADMINISTRATOR, ATTACKER, SERVICE, victims } from '../scene.ts'
import { openLine, postRequest } from './line.ts'

/** What became of an attacker's operations, by code; `done` are those that were answered. */
export type Outcomes = Record<string, number>

/** Each attack in each round is somebody else’s: nobody begins with what the one before has used up. */
type Means = {
  readonly url: string
  readonly attacker: string
  readonly tokens: Readonly<Record<string, string>>
  readonly fresh: readonly string[]
}
type Attack = (means: Means, run: Run) => Promise<void> | void

const ENTITIES = (fields: string): string =>
  `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id ${fields} } } }`
const WATCH = `subscription ($u: [ID!]) { presenceUpdates(userIds: $u) { change presences { user { id } presence { status activity note } } } }`
const POPUP = `subscription { incomingPresenceRequests { change requests { id } closedIds } }`
const DECIDE = `mutation ($i: DecidePresenceAccessInput!) { decidePresenceAccess(input: $i) { results { decision } } }`
const ADD = `mutation ($i: AddPresenceContactsInput!) { addPresenceContacts(input: $i) { results { outcome } } }`
const ASK = `mutation ($i: RequestPresenceAccessInput!) { requestPresenceAccess(input: $i) { results { outcome } } }`
const PUBLISH_FOR = `mutation ($i: PublishPresenceForInput!) { publishPresenceFor(input: $i) { results { outcome } } }`
const REPORT = `mutation ($i: ReportCommunicationAttemptsInput!) { reportCommunicationAttempts(input: $i) { outcomes } }`
const MAY_WRITE = `query ($p: [MessagingPairInput!]!) { presenceMessaging { decisions(pairs: $p) { permitted } } }`
const ASSIGN = `mutation ($i: AssignPresenceClassOfServiceInput!) { assignPresenceClassOfService(input: $i) { outcome } }`

class Run {
  readonly outcomes: Outcomes = {}
  readonly closers: (() => void)[] = []
  stopped = false

  count(outcome: string): void {
    this.outcomes[outcome] = (this.outcomes[outcome] ?? 0) + 1
  }

  onStop(close: () => void): void {
    this.closers.push(close)
  }
}

function codeIn(text: string): string {
  return /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? 'done'
}

/** So many connections, each of which asks again as soon as it is answered. */
function flood(connections: number, requestOf: (means: Means, turn: number) => string): Attack {
  return async (means, run) => {
    let turn = 0
    const lines = await Promise.all(Array.from({ length: connections }, () => openLine(means.url)))
    run.onStop(() => {
      for (const { close } of lines) close()
    })
    for (const line of lines) {
      const again = async (): Promise<void> => {
        while (!run.stopped) {
          turn += 1
          const { status, body } = await line.ask(requestOf(means, turn))
          run.count(status === 200 ? codeIn(body) : `${String(status)} ${codeIn(body)}`)
        }
      }
      again().catch(() => run.count('cut'))
    }
  }
}

/** Asks on so many connections, and takes nothing of what is answered. */
function takesNothing(connections: number, body: object): Attack {
  return ({ url, attacker }, run) => {
    const { hostname, port } = new URL(url)
    const request = postRequest(attacker, body)
    for (let count = 0; count < connections; count++) {
      const socket = connect({ host: hostname, port: Number(port) })
      const timer = setInterval(() => socket.write(request), 200)
      socket.on('error', () => undefined)
      socket.once('close', () => clearInterval(timer))
      run.onStop(() => void socket.destroy())
      run.count('connected')
    }
  }
}

/** The same request each time, or one of a few. */
function floodOf(connections: number, caller: string, ...bodies: readonly object[]): Attack {
  const texts = bodies.map((body) => JSON.stringify(body))
  return (means, run) => {
    const token = caller === ATTACKER ? means.attacker : (means.tokens[caller] ?? '')
    const requests = texts.map((text) => postRequest(token, text))
    return flood(connections, (_, turn) => requests[turn % requests.length] ?? '')(means, run)
  }
}

async function openSocket(
  { url, attacker }: Means,
  run: Run,
  onText?: (text: string) => void,
): Promise<WebSocketLine> {
  const line = await openWebSocket(url.replace('http', 'ws'), {
    protocol: 'graphql-transport-ws',
    onText:
      onText ??
      ((text) =>
        run.count(text.includes('"type":"error"') ? codeIn(text) : (/"type":"(\w+)"/.exec(text)?.[1] ?? ''))),
    onClosed: (error) => run.count(error.message),
  })
  run.onStop(() => line.cut())
  line.send(
    JSON.stringify({
      type: 'connection_init',
      payload: { authorization: `Bearer ${attacker}` },
    }),
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  return line
}

function subscribeMessage(id: string, query: string, variables: object = {}): string {
  return JSON.stringify({ id, type: 'subscribe', payload: { query, variables } })
}

/** Subscribes and completes so often a second, on one socket. */
function churn(perSecond: number, query: string, variables: object = {}): Attack {
  return async (means, run) => {
    const line = await openSocket(means, run)
    const payload = JSON.stringify({ query, variables })
    const began = performance.now()
    let sent = 0
    const timer = setInterval(() => {
      const due = ((performance.now() - began) * perSecond) / 1000
      for (; sent < due; sent++) {
        line.send(`{"id":"s${String(sent)}","type":"subscribe","payload":${payload}}`)
        line.send(`{"id":"s${String(sent)}","type":"complete"}`)
        run.count('sent')
      }
    }, 5)
    run.onStop(() => clearInterval(timer))
  }
}

/** Replaces each stream by a new one when its snapshot has come, on so many sockets. */
function manySockets(sockets: number): Attack {
  const ids = victims(500)
  return async (means, run) => {
    const open = async (): Promise<void> => {
      let stream = 0
      const line = await openSocket(means, run, (text) => {
        run.count(text.includes('"type":"error"') ? codeIn(text) : 'done')
        if (run.stopped) return
        if (text.includes('"type":"next"') || text.includes('"type":"error"')) {
          line.send(JSON.stringify({ id: `s${String(stream)}`, type: 'complete' }))
          stream += 1
          line.send(subscribeMessage(`s${String(stream)}`, WATCH, { u: ids }))
        }
      })
      line.send(subscribeMessage('s0', WATCH, { u: ids }))
    }
    for (let count = 0; count < sockets && !run.stopped; count += 50)
      await Promise.all(Array.from({ length: Math.min(50, sockets - count) }, open))
  }
}

/** As many streams as one user may have, and decisions that all of them are decided anew for. */
function streamsAndDecisions(everyMs: number): Attack {
  return async (means, run) => {
    for (let socket = 0; socket < 2; socket++) {
      const line = await openSocket(means, run)
      for (let stream = 0; stream < 49; stream++)
        line.send(subscribeMessage(`s${String(stream)}`, WATCH, { u: victims(500) }))
    }
    const lines = await Promise.all(Array.from({ length: 10 }, () => openLine(means.url)))
    let turn = 0
    const timer = setInterval(() => {
      const line = lines.pop()
      if (line === undefined) return
      turn += 1
      const decision = turn % 2 === 0 ? 'ALLOWED' : 'BLOCKED'
      const body = { query: DECIDE, variables: { i: { userIds: victims(1), decision } } }
      line.ask(postRequest(means.attacker, body)).then(
        ({ status, body: answer }) => {
          run.count(status === 200 ? codeIn(answer) : `${String(status)} ${codeIn(answer)}`)
          lines.push(line)
        },
        () => run.count('cut'),
      )
    }, everyMs)
    run.onStop(() => {
      clearInterval(timer)
      for (const { close } of lines) close()
    })
  }
}

const representations = (count: number) => victims(count).map((id) => ({ __typename: 'User', id }))
const entities = (count: number, fields: string) => ({
  query: ENTITIES(fields),
  variables: { r: representations(count) },
})
const PRESENCE = 'presence { status activity note }'
const WIDE = Array.from({ length: 29 }, (_, place) => `a${String(place)}: presenceAccess`).join(' ')
const pages = Array.from(
  { length: 18 },
  (_, place) => `p${String(place)}: decisions(first: 500) { nodes { user { id } state } }`,
).join(' ')
const decide = (decision: string) => ({
  query: DECIDE,
  variables: { i: { userIds: victims(500), decision } },
})
const publishFor = (place: number) => ({
  query: PUBLISH_FOR,
  variables: {
    i: {
      sessions: victims(500, 2000 + place * 500).map((userId) => ({
        ...{ userId, sessionId: 'pbx', status: place % 2 === 0 ? 'BUSY' : 'AVAILABLE', leaseSeconds: 3600 },
      })),
    },
  },
})
const report = (place: number) => ({
  query: REPORT,
  variables: {
    i: {
      attempts: victims(100, 6000 + place * 100).map((calleeId, other) => ({
        ...{ callerId: victims(1, 9000 + other)[0], calleeId, kind: 'CALL' },
      })),
    },
  },
})
const assign = (className: string) => ({
  query: ASSIGN,
  variables: { i: { userIds: victims(1000, 10_000), className } },
})
const mayWrite = {
  query: MAY_WRITE,
  variables: {
    p: victims(500).map((senderId, place) => ({ senderId, recipientId: victims(1, 3000 + place)[0] })),
  },
}
const oneByOne = (place: number) => {
  const [userId] = victims(1, 12_000 + place)
  return [
    `{ exportPresenceUser(userId: "${String(userId)}", first: 500) { lines } }`,
    `mutation { acceptAllPendingRequestsOfUser(input: { userId: "${String(userId)}" }) { __typename } }`,
    `mutation { erasePresenceUser(input: { userId: "${String(userId)}" }) { __typename } }`,
  ].map((query) => ({ query }))
}
const tenOf = (bodyOf: (place: number) => object) => Array.from({ length: 10 }, (_, place) => bodyOf(place))

const attacks: Readonly<Record<string, Attack>> = {
  none: () => undefined,
  'one socket, 200 subscribe + complete a second, 500 ids each': churn(200, WATCH, { u: victims(500) }),
  'one socket, 2,000 subscribe + complete a second, 500 ids each': churn(2000, WATCH, { u: victims(500) }),
  'one socket, 500 popups begun and ended a second': churn(500, POPUP),
  '500 sockets, streams of 500 replaced at each snapshot': manySockets(500),
  'as many streams of 500 as are admitted, and a decision every 100 ms': streamsAndDecisions(100),
  '20 requests at once of 1,000 _entities': floodOf(20, ATTACKER, entities(1000, PRESENCE)),
  '100 requests at once of 1,000 _entities': floodOf(100, ATTACKER, entities(1000, PRESENCE)),
  '20 requests at once of 1,000 _entities with 30 fields': floodOf(20, ATTACKER, entities(1000, WIDE)),
  '50 requests at once of one user': floodOf(50, ATTACKER, entities(1, PRESENCE)),
  '20 requests at once of 18 pages of the privacy list': floodOf(20, ATTACKER, {
    query: `{ presencePrivacy { ${pages} } }`,
  }),
  '10 decisions at once about 500 users': floodOf(10, ATTACKER, decide('ALLOWED'), decide('BLOCKED')),
  '10 additions at once of 500 contacts': floodOf(10, ATTACKER, {
    query: ADD,
    variables: { i: { userIds: victims(500) } },
  }),
  '10 requests for access at once to 100 users': floodOf(10, ATTACKER, {
    ...{ query: ASK, variables: { i: { userIds: victims(100) } } },
  }),
  'a fresh token for each of 50 requests at once': flood(50, ({ fresh }, turn) =>
    postRequest(fresh[turn % fresh.length] ?? '', entities(1, PRESENCE)),
  ),
  'a service publishes for 500 users, 4 at once': floodOf(4, SERVICE, ...tenOf(publishFor)),
  'a service reports 100 attempts, 4 at once': floodOf(4, SERVICE, ...tenOf(report)),
  'a service asks about 500 pairs, 8 at once': floodOf(8, SERVICE, mayWrite),
  'an administrator assigns a class to 1,000 users, 4 at once': floodOf(
    4,
    ADMINISTRATOR,
    assign('one'),
    assign('other'),
  ),
  'an administrator exports, accepts all and erases, 4 at once': floodOf(
    4,
    ADMINISTRATOR,
    ...Array.from({ length: 500 }, (_, place) => oneByOne(place)).flat(),
  ),
  'an administrator reads the trail, 4 at once': floodOf(4, ADMINISTRATOR, {
    query: '{ presencePrivacyAudit { trail(first: 500) { nodes { __typename } } } }',
  }),
  '100 connections that take no answer of 1,000 _entities': takesNothing(100, entities(1000, PRESENCE)),
}

export const ATTACKS = Object.keys(attacks)

let means: Omit<Means, 'attacker'> | undefined
let running: Run | undefined

const tasks = {
  meet: (met: Omit<Means, 'attacker'>): Promise<void> => {
    means = met
    return Promise.resolve()
  },
  begin: async (name: string, attacker: string): Promise<void> => {
    running = new Run()
    if (means === undefined) throw new Error('there is no server')
    await attacks[name]?.({ ...means, attacker }, running)
  },
  end: (): Promise<Outcomes> => {
    const run = running
    if (run === undefined) return Promise.resolve({})
    run.stopped = true
    for (const close of run.closers) close()
    return Promise.resolve({ ...run.outcomes })
  },
}

export type Attackers = typeof tasks & { readonly stop: () => Promise<void> }

if (process.send !== undefined) serveTasks(tasks)
