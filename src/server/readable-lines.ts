const LEVELS = new Map([
  [60, 'FATAL '],
  [50, 'ERROR '],
  [40, 'WARN '],
])

/** A line of the log as a person reads it: the time of day, what happened, and what goes with it. */
export function readableLines(json: string): string {
  const { time, level, msg, err, ...facts } = JSON.parse(json) as Record<string, unknown>
  const clock = new Date(Number(time)).toTimeString().slice(0, 8)
  const rest = Object.entries(facts).map(([name, value]) => `  ${name}=${asText(value)}`)
  const error = err === undefined ? '' : `\n${errorLines(err as Record<string, unknown>)}`
  return `${clock} ${LEVELS.get(Number(level)) ?? ''}${String(msg)}${rest.join('')}${error}\n`
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function errorLines({ type, code, message, stack, cause }: Record<string, unknown>): string {
  const head = [type, code, message].filter((part) => part !== undefined).map(String)
  const lines = [`  ${head.join(': ')}`, ...(typeof stack === 'string' ? stack.split('\n') : [])].filter(
    (line) => line !== '',
  )
  const own = lines.join('\n    ')
  return cause === undefined ? own : `${own}\n  because of\n${errorLines(cause as Record<string, unknown>)}`
}
