import { eraseUser } from '../../application/erase-user.ts'
import { exportUser, type ExportPlace } from '../../application/export-user.ts'
import { Refused, UsageError, type Command } from '../command.ts'
import { onlyUser } from './users.ts'

const RECORDS_AT_ONCE = 500

export const erase: Command = {
  name: 'erase',
  takes: '<user id>',
  summary: 'forget a user, in both directions and for good',
  about: [
    'In the trail and among the acts she becomes a random token. A token of hers that is still valid makes nothing anew. It cannot be taken back.',
    'Asks for confirmation on a terminal; elsewhere --yes has to be given.',
  ],
  options: { yes: { type: 'boolean', help: 'do not ask' } },
  examples: ['erase alice', 'erase alice --yes --json'],
  async run(call) {
    const user = onlyUser(call)
    if (call.values['yes'] !== true) {
      if (call.io.ask === null)
        throw new UsageError('Nobody can be asked here: give --yes. Nothing was erased.')
      const typed = await call.io.ask(`This erases "${user}" for good. Type the user id to go on: `)
      if (typed !== user) throw new Refused('That is another id: nothing was erased.')
    }
    const { records } = await call.store()
    await eraseUser(records, { user, actor: call.actor })
    return { text: 'Erased.', json: { erased: user } }
  },
}

export const exportCommand: Command = {
  name: 'export',
  takes: '<user id>',
  summary: 'write all that is stored of a user, as JSON lines',
  about: [
    'Her own choices, decisions, contacts and requests; nothing that others have decided about her. That it was written is recorded.',
  ],
  options: {},
  examples: ['export alice > alice.jsonl'],
  async run(call) {
    const user = onlyUser(call)
    const adapters = await call.store()
    let written = 0
    let from: ExportPlace | null = null
    do {
      const page: Awaited<ReturnType<typeof exportUser>> = await exportUser(adapters, {
        ...{ actor: call.actor, user, from, first: RECORDS_AT_ONCE },
      })
      await call.io.write(page.records.map((record) => `${JSON.stringify(record)}\n`).join(''))
      written += page.records.length
      call.progress(`${String(written)} records`)
      from = page.next
    } while (from !== null)
    return null
  },
}
