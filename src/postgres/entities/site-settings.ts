import { EntitySchema } from 'typeorm'
import type { PresenceServer } from '../../domain/disclosure.ts'

export type SiteSettingsRow = {
  id: number
  presenceServer: PresenceServer
  sealingKey: Buffer
  revision: string
}

/** What administrators set for everybody: one row. */
export const SiteSettingsEntity = new EntitySchema<SiteSettingsRow>({
  name: 'SiteSettings',
  tableName: 'site_settings',
  columns: {
    id: { type: 'integer', primary: true, default: 1, primaryKeyConstraintName: 'site_settings_pkey' },
    presenceServer: { name: 'presence_server', type: 'text', default: 'NONE_KNOWN' },
    /** See sealed-ids.ts. */
    sealingKey: { name: 'sealing_key', type: 'bytea' },
    revision: { type: 'bigint', default: 1 },
  },
  checks: [
    { name: 'site_settings_one_row_check', expression: 'id = 1' },
    {
      name: 'site_settings_presence_server_check',
      expression: `presence_server in ('OCS_2007', 'CONVERGED_CONFERENCING', 'NONE_KNOWN')`,
    },
  ],
})
