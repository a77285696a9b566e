import { ConfigError } from '../config.ts'

/**
 * Adds the settings of a file `.env` in the working folder, if there is one. What the environment sets already stays. Throws
 * ConfigError when it is there and cannot be read.
 */
export function loadEnvFile(): void {
  try {
    process.loadEnvFile()
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return
    throw new ConfigError([
      `.env: it cannot be read (${code}). Make it a text file of lines NAME=value that this account may read, or remove it.`,
    ])
  }
}
