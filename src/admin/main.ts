/** `npm run admin -- <command>`: the operator's hand tool as a process. */
import { userInfo } from 'node:os'
import { createInterface } from 'node:readline/promises'
import { loadEnvFile } from '../config/env-file.ts'
import type { AdminIo } from './command.ts'
import { runAdmin } from './run-admin.ts'

const EXIT_PIPE = 141

// Whoever reads has enough, as `head` has: that is no failure of ours, and nobody is left to write to.
process.stdout.on('error', () => process.exit(EXIT_PIPE))

process.exitCode = await runAdmin(process.argv.slice(2), {
  env() {
    loadEnvFile()
    return process.env
  },
  input: process.stdin,
  write: (text) =>
    new Promise((resolve) => {
      process.stdout.write(text, () => resolve())
    }),
  tell: (text) => process.stderr.write(text),
  ask: process.stdin.isTTY && process.stderr.isTTY ? ask : null,
  account: account(),
} satisfies AdminIo)

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}

/** In containers an account may have no name. */
function account(): string {
  try {
    return `operator:${userInfo().username}`
  } catch {
    return 'operator'
  }
}
