/** The tables as TypeORM sees them. */
import { EntitySchema } from 'typeorm'

const column = (name, type, more = {}) => ({ name, type, ...more })
const moment = (name) => column(name, 'timestamptz', { nullable: true })

export const ClassOfService = new EntitySchema({
  name: 'ClassOfService',
  tableName: 'classes_of_service',
  columns: {
    id: { type: 'integer', primary: true },
    name: { type: 'text' },
    invitationHandling: column('invitation_handling', 'text'),
    pendingShown: column('pending_shown', 'boolean'),
    appearOfflineAllowed: column('appear_offline_allowed', 'boolean'),
    maxContacts: column('max_contacts', 'integer'),
    requestLifetimeSeconds: column('request_lifetime_seconds', 'integer'),
  },
})

export const SiteSettings = new EntitySchema({
  name: 'SiteSettings',
  tableName: 'site_settings',
  columns: {
    id: { type: 'integer', primary: true },
    presenceServer: column('presence_server', 'text'),
  },
})

export const User = new EntitySchema({
  name: 'User',
  tableName: 'users',
  columns: {
    id: { type: 'text', primary: true },
    invitationHandling: column('invitation_handling', 'text'),
    presenceServer: column('presence_server', 'text'),
    appearOffline: column('appear_offline', 'boolean'),
    manualStatus: column('manual_status', 'text', { nullable: true }),
    manualEndsAt: moment('manual_ends_at'),
    sessions: { type: 'json', nullable: true },
  },
  relations: {
    classOfService: { type: 'many-to-one', target: 'ClassOfService', joinColumn: { name: 'class_id' } },
  },
})

export const Pair = new EntitySchema({
  name: 'Pair',
  tableName: 'pairs',
  columns: {
    watcherId: column('watcher_id', 'text', { primary: true }),
    presentityId: column('presentity_id', 'text', { primary: true }),
    edgeState: column('edge_state', 'text'),
    edgeOrigin: column('edge_origin', 'text', { nullable: true }),
    edgeSince: moment('edge_since'),
    edgeEndsAt: moment('edge_ends_at'),
    replacedBlock: column('replaced_block', 'boolean'),
    shownWhenAsked: column('shown_when_asked', 'boolean'),
    viewAccess: column('view_access', 'text'),
    viewEndsAt: moment('view_ends_at'),
    contactSince: moment('contact_since'),
    watcherBlocksFrom: moment('watcher_blocks_from'),
  },
})
