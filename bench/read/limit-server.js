/**
 * What node can do: a bare HTTP server that verifies the token, sends the service's own statement, decides by the service's own function
 * and writes the JSON by hand. It understands the requests of the benchmark, and nothing else.
 */
import { createServer } from 'node:http'
import { listening, load, pageOfContacts, policy, viewerOf, whatIsSeen } from './built.js'
import { openPorts } from './ports.js'

const { requestAccess } = await load('application/request-access.js')
const { respondToRequests } = await load('application/respond-to-requests.js')

const { facts, store } = await openPorts()

const server = createServer((request, response) => {
  const parts = []
  request.on('data', (part) => parts.push(part))
  request.on('end', () => {
    const { variables } = JSON.parse(parts.length === 1 ? parts[0] : Buffer.concat(parts))
    answer(request.headers.authorization, variables).then(
      (body) => {
        response.writeHead(200, {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
        })
        response.end(body)
      },
      (error) => {
        console.error(error)
        response.writeHead(500).end()
      },
    )
  })
})
server.listen(0, '127.0.0.1', () => listening(server))

async function answer(authorization, variables) {
  const watcher = await viewerOf(authorization)
  if (variables.input !== undefined)
    return variables.input.userIds === undefined
      ? answered(watcher, variables.input)
      : asked(watcher, variables.input)
  return variables.representations === undefined
    ? contactList(watcher, variables.first)
    : entities(watcher, variables.representations)
}

async function entities(watcher, representations) {
  const presentities = representations.map(({ id }) => id)
  const read = await facts.readSight({ watcher, presentities })
  let list = ''
  for (const presentity of presentities) {
    const { presence, access } = whatIsSeen(read, { presentity, watcher }, policy)
    list += `${list === '' ? '' : ','}{"presence":${presenceJson(presence)},"presenceAccess":"${access}"}`
  }
  return `{"data":{"_entities":[${list}]}}`
}

async function contactList(watcher, first) {
  const read = await facts.readContactSight({ watcher })
  const contacts = [...read.presentities].map(([user, { pair }]) => ({
    user,
    seen: whatIsSeen(read, { presentity: user, watcher }, policy),
    addedAt: pair.contactSince,
  }))
  const page = pageOfContacts(contacts, {
    filter: { statuses: null, access: null },
    order: 'USER_ID',
    first,
    after: null,
  })
  let nodes = ''
  for (const { user, seen } of page.contacts) {
    nodes += `${nodes === '' ? '' : ','}{"user":{"id":${JSON.stringify(user)}},"presence":${presenceJson(seen.presence)},"access":"${seen.access}"}`
  }
  const last = page.contacts.at(-1)
  const endCursor = last === undefined ? 'null' : `"${Buffer.from(`0.0.${last.user}`).toString('base64url')}"`
  return `{"data":{"presencePrivacy":{"contacts":{"nodes":[${nodes}],"pageInfo":{"hasNextPage":${page.hasNextPage},"endCursor":${endCursor}},"totalCount":${page.totalCount}}}}}`
}

async function asked(watcher, { userIds }) {
  const results = await requestAccess(store, {
    watcher,
    presentities: userIds,
    trigger: 'DIRECT',
    addToContacts: false,
  })
  const list = results.map(({ outcome, access }) => `{"outcome":"${outcome}","access":"${access}"}`).join(',')
  return `{"data":{"requestPresenceAccess":{"results":[${list}]}}}`
}

async function answered(presentity, { presentedIds, tickedIds }) {
  const { answered } = await respondToRequests(store, {
    presentity,
    presented: presentedIds,
    ticked: tickedIds,
    addTickedToContacts: false,
    alwaysAccept: false,
    clientKey: null,
  })
  const list = answered.outcomes
    .map(({ outcome, verdict }) => `{"outcome":"${outcome}","decision":"${verdict}"}`)
    .join(',')
  return `{"data":{"respondToRequests":{"outcomes":[${list}]}}}`
}

function presenceJson({ status, activity, note }) {
  return `{"status":"${status}","activity":${activity === null ? 'null' : `"${activity}"`},"note":${note === null ? 'null' : JSON.stringify(note)}}`
}
