import { migrate as migrateDatabase } from '../../postgres/migrate.ts'
import type { Command } from '../command.ts'
import { reach } from '../open-store.ts'

export const migrate: Command = {
  name: 'migrate',
  takes: '',
  summary: 'bring the database up to date',
  about: [
    'Works on DATABASE_DIRECT_URL if that is set. May be repeated, and run while the service does: what is up to date is left alone.',
  ],
  options: {},
  examples: ['migrate'],
  async run({ progress, server, config }) {
    const { directUrl } = await server()
    const migrated: string[] = []
    await reach(
      () =>
        migrateDatabase({
          url: directUrl,
          log(line) {
            progress(line)
            migrated.push(line.replace(/^migrated: /, ''))
          },
        }),
      config.database.server.kind,
    )
    const text = migrated.length === 0 ? 'Up to date.' : `Applied ${String(migrated.length)} migrations.`
    return { text, json: { migrated } }
  },
}
