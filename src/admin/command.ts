import type { ParseArgsConfig } from 'node:util'
import type { StoreConfig } from '../config.ts'
import type { Administrator } from '../domain/administrative-act.ts'
import type { Adapters, Server } from './open-store.ts'

/** What the tool reads from and writes to: a process's own streams, or a test's. */
export type AdminIo = {
  /** Settings, read when a command needs them. Throws ConfigError. */
  readonly env: () => NodeJS.ProcessEnv
  readonly input: AsyncIterable<string | Uint8Array> & { readonly isTTY?: boolean }
  /** Results. Settles when the reader has room for more. */
  readonly write: (text: string) => Promise<void>
  /** Progress, questions and errors: a script that reads the results never meets them. */
  readonly tell: (text: string) => void
  /** Asks a person; null where there is none. */
  readonly ask: ((question: string) => Promise<string>) | null
  /** The account that runs the tool, as whom its acts are recorded. */
  readonly account: string
}

/** What a command says when it is done: for a person, or with `--json` for a script. Null when it has written all by itself. */
export type Result = { readonly text: string; readonly json: unknown } | null

/** A command with what was given to it. */
export type Call = {
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | undefined>>
  readonly io: AdminIo
  readonly config: StoreConfig
  /** What is stored, opened when it is first needed: what was typed wrongly is said before. Throws AppFailure. */
  readonly store: () => Promise<Adapters>
  /** The database server alone, migrated or not. Throws AppFailure. */
  readonly server: () => Promise<Server>
  /** As whom it is recorded. */
  readonly actor: Administrator
  /** Says how far long work has come. */
  readonly progress: (line: string) => void
}

export type CommandHelp = {
  /** One or two words. */
  readonly name: string
  /** The arguments, as the help writes them. */
  readonly takes: string
  readonly summary: string
  /** What else to know, one paragraph each. */
  readonly about: readonly string[]
  readonly options: Readonly<Record<string, Option>>
  /** Arguments after the command, as one would type them. */
  readonly examples: readonly string[]
}

export type Option = NonNullable<ParseArgsConfig['options']>[string] & {
  readonly help: string
  readonly value?: string
}

export type Command = CommandHelp & { readonly run: (call: Call) => Promise<Result> }

/** The command was typed wrongly; nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What was asked for cannot be done as things are: nothing of that name, or the rules refuse it. */
export class Refused extends Error {
  override readonly name = 'Refused'
}
