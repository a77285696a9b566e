import { parseArgs } from 'node:util'
import { AppFailure, EXIT_CONFIG, EXIT_SOFTWARE, EXIT_UNAVAILABLE } from '../app-failure.ts'
import { Misconfigured, Unavailable, UserErased } from '../application/ports.ts'
import { ConfigError, readStoreConfig } from '../config.ts'
import { parseUserId } from '../domain/user-id.ts'
import { Refused, UsageError, type AdminIo, type Call, type Command } from './command.ts'
import { acts } from './commands/acts.ts'
import { classesCreate, classesList, classesUpdate } from './commands/classes.ts'
import { migrate } from './commands/migrate.ts'
import { erase, exportCommand } from './commands/personal-data.ts'
import { seed } from './commands/seed.ts'
import { site } from './commands/site.ts'
import { acceptAll, assign, server } from './commands/users.ts'
import { why } from './commands/why.ts'
import { COMMON_OPTIONS, helpOf, helpOfCommand, usageOf } from './help.ts'
import { openOnDemand } from './open-store.ts'

export const COMMANDS: readonly Command[] = [
  ...[migrate, seed, classesList, classesCreate, classesUpdate, assign, server, site],
  ...[why, acceptAll, erase, exportCommand, acts],
]

const EXIT_REFUSED = 1
const EXIT_USAGE = 64

/** Runs one command and says how it went, as an exit code. Never throws for what an operator can meet. */
export async function runAdmin(args: readonly string[], io: AdminIo): Promise<number> {
  const command = commandIn(args)
  try {
    if (command === undefined) return await withoutCommand(args, io)
    const { values, positionals } = parsed(command, args.slice(command.name.split(' ').length))
    if (values['help'] === true) {
      await io.write(`${helpOfCommand(command)}\n`)
      return 0
    }
    await run(command, { values, positionals, io })
    return 0
  } catch (error) {
    return exitCodeFor(error, { io, command })
  }
}

async function run(
  command: Command,
  { values, positionals, io }: Pick<Call, 'values' | 'positionals' | 'io'>,
) {
  const actor = { kind: 'ADMINISTRATOR', id: actorIn(values['as'] ?? io.account) } as const
  const config = readStoreConfig(io.env())
  const { store, server: databaseServer, close } = openOnDemand(config)
  const progress = (line: string): void => {
    if (values['quiet'] !== true) io.tell(`${line}\n`)
  }
  try {
    const call = { values, positionals, io, config, actor, progress, store, server: databaseServer }
    const result = await command.run(call)
    if (result !== null) {
      await io.write(`${values['json'] === true ? JSON.stringify(result.json) : result.text}\n`)
    }
  } finally {
    await close()
  }
}

async function withoutCommand(args: readonly string[], io: AdminIo): Promise<number> {
  if (args.length === 0 || args.some((arg) => ['--help', '-h', 'help'].includes(arg))) {
    await io.write(`${helpOf(COMMANDS)}\n`)
    return args.length === 0 ? EXIT_USAGE : 0
  }
  throw new UsageError(`There is no command "${args.slice(0, 2).join(' ')}".`)
}

function commandIn(args: readonly string[]): Command | undefined {
  return COMMANDS.find(({ name }) => name.split(' ').every((word, at) => args[at] === word))
}

function parsed({ options }: Command, args: string[]): Pick<Call, 'values' | 'positionals'> {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { ...options, ...COMMON_OPTIONS },
    })
    return { values: values as Call['values'], positionals }
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function actorIn(name: unknown) {
  const id = typeof name === 'string' ? parseUserId(name) : undefined
  if (id === undefined) throw new UsageError('--as takes 1 to 255 bytes without control characters.')
  return id
}

function exitCodeFor(
  error: unknown,
  { io, command }: { readonly io: AdminIo; readonly command: Command | undefined },
): number {
  if (error instanceof UsageError) {
    const usage = command === undefined ? 'See: npm run admin -- --help' : usageOf(command)
    io.tell(`${error.message}\n${usage}\n`)
    return EXIT_USAGE
  }
  if (error instanceof Refused) {
    io.tell(`${error.message}\n`)
    return EXIT_REFUSED
  }
  if (error instanceof UserErased) {
    io.tell('That user, or whoever --as names, was erased: nothing can be stored of them any more.\n')
    return EXIT_REFUSED
  }
  if (error instanceof ConfigError) {
    io.tell(`${error.message}\n`)
    return EXIT_CONFIG
  }
  if (error instanceof AppFailure) {
    io.tell(`${error.message}\n`)
    return error.exitCode
  }
  if (error instanceof Unavailable) {
    io.tell(
      'The database did not answer, or not in time. Try again: what was not finished was not applied, and may be repeated.\n',
    )
    return EXIT_UNAVAILABLE
  }
  if (error instanceof Misconfigured) {
    const { code = 'no code' } = error.cause as { code?: string }
    io.tell(
      `The database is not as it has to be (${code}): a table, a column, a right or a setting is missing. Run: npm run admin -- migrate\n`,
    )
    return EXIT_CONFIG
  }
  // A message of unknown origin might hold an address or data: the place tells enough to report it.
  const frames = error instanceof Error ? (error.stack?.match(/^ +at .*$/gm)?.join('\n') ?? '') : ''
  io.tell(
    `This is a fault of the tool (${error instanceof Error ? error.name : typeof error}); please report it.\n${frames}\n`,
  )
  return EXIT_SOFTWARE
}
