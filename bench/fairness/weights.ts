/**
 * `npm run bench:weights [-- --ms=700] [-- --only=<part of a name>,…]`: what operations cost beside what they weigh. Sends each kind of
 * operation alone, one after another, for so many milliseconds, and reads the processor time of node and of PostgreSQL. Writes a table to standard error. Linux only.
 * docs/performance/fairness.md tells how to read it.
 */
import { parseArgs } from 'node:util'
import { parse } from 'graphql'
import { documentWeight, jsonWeight, operationWeight } from '../../src/graphql/operation-weight.ts'
import { createSchema } from '../../src/graphql/schema.ts'
import { jsonParts } from '../../src/server/bounded-json.ts'
import { epochSeconds } from '../../test/support/token-issuer.ts'
import { startServer, tokenOf } from '../built-subgraph.ts'
import { startDatabase } from '../live/variants/subgraph.ts'
import { storeScene, storeSessions } from '../live/store-scene.ts'
import { processorTimeOf } from '../processor-time.ts'
import { createClasses } from './create-classes.ts'
import { ADMINISTRATOR, ATTACKER, BYSTANDERS, SERVICE, victims } from './scene.ts'
import { operations, type Weighed } from './weighed-operations.ts'

const { values: options } = parseArgs({
  options: { ms: { type: 'string', default: '700' }, only: { type: 'string' } },
})
const only = options.only?.split(',')
/** Documents are compiled by then. */
const WARM_UP = 100

const schema = createSchema({ maxRepresentations: 1000 })
const weigh = operationWeight(schema, { maxRepresentations: 1000 })
const database = await startDatabase()
const server = await startServer(database.url)
try {
  await storeScene(database.url, {
    users: [ATTACKER, SERVICE, ADMINISTRATOR, ...BYSTANDERS],
    contacts: { [ATTACKER]: victims(500) },
    denied: '',
  })
  await storeSessions(database.url, BYSTANDERS)
  const exp = epochSeconds() + 3600
  const tokens = {
    user: await tokenOf(ATTACKER, { exp }),
    service: await tokenOf(SERVICE, { exp, roles: ['service'] }),
    administrator: await tokenOf(ADMINISTRATOR, { exp, roles: ['administrator', 'auditor'] }),
  }
  await createClasses(server.url, tokens.administrator)
  console.error('| operation | weight | node us | PostgreSQL us | us for each unit of weight |')
  console.error('| --- | --- | --- | --- | --- |')
  for (const operation of operations) {
    if (only?.some((part) => operation.name.includes(part)) === false) continue
    const { node, postgres } = await costOf(operation, tokens[operation.caller])
    const weight = weightOf(operation)
    const cells = [weight, node, postgres, (node + postgres) / weight].map((value, place) =>
      value.toFixed(place === 3 ? 1 : 0),
    )
    console.error(`| ${[operation.name, ...cells].join(' | ')} |`)
  }
} finally {
  await server.stop()
  await database.stop()
}

/** With its document, and with its body where that is large. */
function weightOf({ queryOf, variables }: Weighed): number {
  const [query, values] = [queryOf(0), variables(0)]
  const { weight } = weigh({ document: parse(query), operationName: null, variables: values })
  const body = JSON.stringify({ query, variables: values })
  return weight + documentWeight(query) + jsonWeight(jsonParts(body), body.length)
}

/** For one operation, in microseconds. */
async function costOf(
  { queryOf, variables }: Weighed,
  token: string,
): Promise<{ readonly node: number; readonly postgres: number }> {
  let turn = 0
  const send = async (): Promise<void> => {
    turn += 1
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: queryOf(turn), variables: variables(turn) }),
    })
    const text = await response.text()
    if (response.status !== 200 || text.includes('"errors"')) throw new Error(text.slice(0, 500))
  }
  const warmUntil = performance.now() + Number(options.ms)
  while (turn < WARM_UP && performance.now() < warmUntil) await send()
  const before = await Promise.all([processorTimeOf(server.pid), database.processorTime()])
  const until = performance.now() + Number(options.ms)
  let sent = 0
  for (; performance.now() < until; sent++) await send()
  const after = await Promise.all([processorTimeOf(server.pid), database.processorTime()])
  return { node: (after[0] - before[0]) / sent, postgres: (after[1] - before[1]) / sent }
}
