import { createReadStream } from 'node:fs'
import { parseUserId, type UserId } from '../domain/user-id.ts'
import { UsageError, type Call } from './command.ts'

const AN_ID = 'a user id has 1 to 255 bytes and no control characters'

/** One user, as an argument or an option named him. */
export function requireUser(name: string, value: unknown): UserId {
  if (typeof value !== 'string') throw new UsageError(`${name} is missing.`)
  const user = parseUserId(value)
  if (user === undefined) throw new UsageError(`${name} is no user id: ${AN_ID}.`)
  return user
}

/** The users whom a command is about: arguments, or the lines of a file, or those of standard input. */
export async function readUsers(ids: readonly string[], call: Call): Promise<readonly UserId[]> {
  const { file } = call.values
  if (ids.length > 0 && file !== undefined) {
    throw new UsageError('Name the users as arguments or in a file, not both.')
  }
  const users = ids.length > 0 ? ids.map((id) => requireUser(`"${id}"`, id)) : await usersInLines(call)
  if (users.length === 0) throw new UsageError('No user was named: nothing was changed.')
  return users
}

async function usersInLines({ values: { file }, io, progress }: Call): Promise<readonly UserId[]> {
  const fromInput = file === undefined || file === '-'
  if (fromInput && file === undefined && io.input.isTTY === true) {
    throw new UsageError(
      'No user was named. Give ids as arguments, with --file <path>, or one a line on standard input.',
    )
  }
  const source = fromInput ? io.input : createReadStream(String(file))
  const users: UserId[] = []
  let number = 0
  try {
    for await (const line of linesOf(source)) {
      number += 1
      if (line !== '') users.push(requireUser(`Line ${String(number)}`, line))
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw code === undefined
      ? error
      : new UsageError(`The file cannot be read (${code}): nothing was changed.`)
  }
  progress(`read ${String(users.length)} ids`)
  return users
}

async function* linesOf(source: AsyncIterable<string | Uint8Array>): AsyncIterable<string> {
  // Whatever is no UTF-8 must not become somebody else's id.
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  try {
    for await (const chunk of source) {
      const lines = (
        rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))
      ).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) yield line.replace(/\r$/, '')
    }
    rest += decoder.decode()
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError('The ids are not written in UTF-8: nothing was changed.')
  }
  yield rest.replace(/\r$/, '')
}
