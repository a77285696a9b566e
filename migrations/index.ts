import { PresencePrivacy20261122120000 } from './20261122120000-presence-privacy.ts'

/** Every migration, oldest first. A list rather than a glob: what runs is what was compiled. */
export const migrations = [PresencePrivacy20261122120000]
