import { readFileSync, statSync } from 'node:fs'
import { ConfigError } from '../config.ts'
import { parseEnvFile } from './parse-env-file.ts'

const NAME = '.env'

/**
 * Adds the settings of a file `.env` in the working folder, if there is one. What the environment sets already stays.
 *
 * Node's own reader loses variables in silence, so that `NODE_ENV=production` behind a byte order mark would start as development: here
 * nothing is lost. @throws ConfigError with every line that cannot be read, without quoting any.
 */
export function loadEnvFile(env: NodeJS.ProcessEnv = process.env): void {
  const content = contentOf(NAME)
  if (content === null) return
  const { variables, faults } = parseEnvFile(content)
  if (faults.length > 0) throw new ConfigError(faults.map((fault) => `${NAME}: ${fault}`))
  for (const [name, value] of variables) env[name] ??= value
}

function contentOf(name: string): Buffer | null {
  try {
    // Reading a pipe would wait for somebody to write into it.
    if (statSync(name).isFIFO()) throw Object.assign(new Error('a pipe'), { code: 'EPIPE' })
    return readFileSync(name)
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return null
    throw new ConfigError([
      `${name}: it cannot be read (${code}). Make it a text file of lines NAME=value that this account may read, or remove it.`,
    ])
  }
}
