/** `npm run graph`: a whole small graph to look at, on loopback, with users in it. */
import { AppFailure } from '../src/app-failure.ts'
import { createApp } from '../src/app.ts'
import { ConfigError, readConfig } from '../src/config.ts'
import { loadEnvFile } from '../src/config/env-file.ts'
import { EmbeddedPostgresError } from '../src/embedded-postgres/embedded-postgres-error.ts'
import { DevelopmentKeyError, requireDevelopmentKey } from '../src/identity/development-key.ts'
import { readSdl } from '../src/graphql/schema.ts'
import { createLog } from '../src/server/log.ts'
import { composeByGuild } from '../test/gateways/compose.ts'
import { startHiveGateway } from '../test/gateways/hive-gateway.js'
import { ACCOUNTS_SDL, startAccounts } from './accounts.ts'
import { keepOnAir, setTheScene, tokensFor } from './cast.ts'
import { demoEnvironment, demoFolder } from './demo-environment.ts'
import { freePort } from './free-port.ts'
import { introduction, operations } from './introduction.ts'

const GATEWAY_PORT = 4000

/** What has been started, to be stopped in reverse. */
const started: (() => void | Promise<void>)[] = []
let ending = false

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void end(0))

try {
  await start()
} catch (error) {
  fail(error)
}

async function start(): Promise<void> {
  console.error('Starting the presence subgraph, the accounts subgraph and a gateway in front of them.')
  loadEnvFile()
  const dataDir = demoFolder(process.env)
  const key = await requireDevelopmentKey(dataDir)
  const config = readConfig(await demoEnvironment(process.env, { key, dataDir }))
  const log = createLog({ level: 'warn', readable: true })
  const presence = await running(createApp(config, { log, onFailure: fail }))
  const accounts = await running(startAccounts())

  const stage = { url: presence.url, tokens: await tokensFor(key) }
  const scene = operations(await setTheScene(stage))
  started.push(keepOnAir(stage, fail))

  const { supergraph } = composeByGuild([
    { name: 'accounts', url: accounts.url, sdl: ACCOUNTS_SDL },
    { name: 'presence', url: presence.url, sdl: readSdl() },
  ])
  const { tokens } = stage
  const gateway = await running(
    startHiveGateway({
      supergraph,
      port: await freePort(GATEWAY_PORT),
      graphiql: {
        defaultQuery: Object.values(scene).join('\n\n'),
        headers: { authorization: `Bearer ${tokens.alice}` },
      },
    }),
  )
  console.log(introduction({ gatewayUrl: gateway.url, subgraphUrl: presence.url, tokens, operations: scene }))
}

/** Waits for a start. When a signal came meanwhile, the start goes no further, and what it started is stopped all the same. */
async function running<Part extends { stop(): Promise<void> }>(starting: Promise<Part>): Promise<Part> {
  const part = await starting
  started.push(() => part.stop())
  return part
}

function fail(failure: unknown): void {
  if (!ending) console.error(explained(failure))
  void end(1)
}

function explained(failure: unknown): unknown {
  const isForThePerson =
    failure instanceof AppFailure || failure instanceof ConfigError || failure instanceof DevelopmentKeyError
  if (!isForThePerson) return failure
  const isAboutTheFolder = failure.cause instanceof EmbeddedPostgresError
  return isAboutTheFolder ? `${failure.message}\nOr: DATA_DIR=.data/another npm run graph` : failure.message
}

async function end(exitCode: number): Promise<void> {
  if (ending) return
  ending = true
  try {
    for (const stop of started.splice(0).reverse()) await stop()
  } catch (error) {
    console.error(error)
    exitCode = 1
  }
  process.exit(exitCode)
}
