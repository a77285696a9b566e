import { expect } from 'vitest'
import { runAdmin } from '../../src/admin/run-admin.ts'
import type { TestDatabase } from './database.ts'

export type Given = { input?: string; answer?: string; env?: Record<string, string> }

/** The tool within this process, as somebody would run it without a terminal, unless `answer` is what he types. */
export function operatorsTool(database: () => Pick<TestDatabase, 'url'>) {
  async function admin(args: readonly string[], { input = '', answer, env }: Given = {}) {
    let stdout = ''
    let stderr = ''
    const exitCode = await runAdmin(args, {
      env: () => ({ NODE_ENV: 'test', DATABASE_URL: database().url, ...env }),
      input: linesIn(input),
      write: (text) => {
        stdout += text
        return Promise.resolve()
      },
      tell: (text) => (stderr += text),
      ask: answer === undefined ? null : () => Promise.resolve(answer),
      account: 'operator:test',
    })
    return { exitCode, stdout, stderr }
  }

  async function json<T>(args: readonly string[], given?: Given): Promise<T> {
    const { exitCode, stdout, stderr } = await admin([...args, '--json'], given)
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 })
    return JSON.parse(stdout) as T
  }

  return { admin, json }
}

async function* linesIn(text: string) {
  await Promise.resolve()
  // Small pieces: no line, and no character, comes whole.
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000)
}
