/** The service as a process: settings from the environment, a log, signals, exit codes. */
import { AppFailure, EXIT_CONFIG, EXIT_SOFTWARE } from './app-failure.ts'
import { createApp } from './app.ts'
import { ConfigError, readConfig, type Config } from './config.ts'
import { loadEnvFile } from './config/env-file.ts'
import { createLog } from './server/log.ts'
import { welcome } from './welcome.ts'

const config = settings()
const inDevelopment = config.environment === 'development'
const log = createLog({ level: config.log.level, readable: inDevelopment })
let ending = false

// Before anything starts: a signal that comes early must find a listener, and one that comes twice means it.
process.on('SIGTERM', endBySignal)
process.on('SIGINT', endBySignal)
process.on('uncaughtException', fail)

const starting = new AbortController()
const app = createApp(config, { log, onFailure: fail, signal: starting.signal })
try {
  announce((await app).url)
} catch (error) {
  fail(error)
}

function settings(): Config {
  try {
    loadEnvFile()
    return readConfig(process.env)
  } catch (error) {
    console.error(error instanceof ConfigError ? error.message : error)
    process.exit(EXIT_CONFIG)
  }
}

function announce(url: string): void {
  if (ending) return
  const { graphiql } = config.graphql
  const generatedKey = config.identity.source === 'development-key'
  if (inDevelopment) console.log(welcome({ url, graphiql, generatedKey }))
  else log.info({ url }, 'listening')
}

function endBySignal(signal: NodeJS.Signals): void {
  if (ending) process.exit(signal === 'SIGINT' ? 130 : 143)
  log.info({ signal }, 'stopping')
  void end(0)
}

function fail(failure: unknown): void {
  if (failure instanceof AppFailure) {
    console.error(failure.message)
    log.debug({ err: failure }, 'failed')
    void end(failure.exitCode)
  } else {
    log.fatal({ err: failure }, 'failed')
    void end(EXIT_SOFTWARE)
  }
}

/** Stops what has started, however far that has come; when the time is over, the process ends in any case. */
async function end(exitCode: number): Promise<void> {
  if (ending) return
  ending = true
  starting.abort()
  const { shutdownDelayMs, shutdownTimeoutMs } = config.http
  setTimeout(() => process.exit(exitCode), shutdownDelayMs + shutdownTimeoutMs).unref()
  try {
    const started = await app.catch(() => undefined)
    await started?.stop()
  } catch (error) {
    log.error({ err: error }, 'stopping failed')
  }
  process.exit(exitCode)
}
