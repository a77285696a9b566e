import type { Command, Option } from './command.ts'

export const COMMON_OPTIONS: Readonly<Record<string, Option>> = {
  as: { type: 'string', value: '<name>', help: 'who you are, for the record (default: your account’s name)' },
  json: { type: 'boolean', help: 'write the result as JSON' },
  quiet: { type: 'boolean', help: 'no progress' },
  help: { type: 'boolean', short: 'h', help: 'show this' },
}

const EXIT_CODES = `Exit codes: 0 done; 1 not found or refused; 64 wrong usage; 69 database unavailable; 78 wrong configuration.`

/** What the tool can do. */
export function helpOf(commands: readonly Command[]): string {
  return [
    'Usage: npm run admin -- <command> [arguments]',
    columns(commands.map(({ name, summary }) => [name, summary])),
    'npm run admin -- <command> --help shows a command with examples.',
    'It works on DATABASE_URL, or on the embedded database in DATA_DIR, while the service runs or not. Settings also come from .env.',
    'Put -- before a user id that begins with a dash. With "npm run -s", only results are on standard output.',
    EXIT_CODES,
  ].join('\n\n')
}

/** One command in full. */
export function helpOfCommand({ name, takes, summary, about, options, examples }: Command): string {
  return [
    usageOf({ name, takes }),
    `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
    ...about,
    columns(
      Object.entries({ ...options, ...COMMON_OPTIONS }).map(([flag, option]) => [
        flagOf(flag, option),
        option.help,
      ]),
    ),
    `Examples:\n${examples.map((example) => `  npm run admin -- ${example}`).join('\n')}`,
    EXIT_CODES,
  ].join('\n\n')
}

export function usageOf({ name, takes }: Pick<Command, 'name' | 'takes'>): string {
  return `Usage: npm run admin -- ${[name, takes].filter((part) => part !== '').join(' ')} [options]`
}

function flagOf(flag: string, { value }: Option): string {
  return value === undefined ? `--${flag}` : `--${flag} ${value}`
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')
}
