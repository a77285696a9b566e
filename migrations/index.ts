import { PresencePrivacy20261122120000 } from './20261122120000-presence-privacy.ts'
import { RequestLimits20261122160000 } from './20261122160000-request-limits.ts'
import { Administration20261122170000 } from './20261122170000-administration.ts'
import { PrivacyList20261122180000 } from './20261122180000-privacy-list.ts'
import { Sweeps20261122190000 } from './20261122190000-sweeps.ts'
import { Account20261122200000 } from './20261122200000-account.ts'
import { AdministrativeActs20261122210000 } from './20261122210000-administrative-acts.ts'
import { Revisions20261122220000 } from './20261122220000-revisions.ts'
import { SessionActivity20261122230000 } from './20261122230000-session-activity.ts'
import { PairsByWatcher20261122240000 } from './20261122240000-pairs-by-watcher.ts'
import { SessionsOfUsers20261123000000 } from './20261123000000-sessions-of-users.ts'
import { AppearOfflineForbiddenAt20261129120000 } from './20261129120000-appear-offline-forbidden-at.ts'
import { SealingKey20261129120500 } from './20261129120500-sealing-key.ts'
import { Refuse20261129130000 } from './20261129130000-refuse.ts'
import { PackedVisibility20261129220000 } from './20261129220000-packed-visibility.ts'

/** Every migration, oldest first. A list rather than a glob: what runs is what was compiled. */
export const migrations = [
  PresencePrivacy20261122120000,
  RequestLimits20261122160000,
  Administration20261122170000,
  PrivacyList20261122180000,
  Sweeps20261122190000,
  Account20261122200000,
  AdministrativeActs20261122210000,
  Revisions20261122220000,
  SessionActivity20261122230000,
  PairsByWatcher20261122240000,
  SessionsOfUsers20261123000000,
  AppearOfflineForbiddenAt20261129120000,
  SealingKey20261129120500,
  Refuse20261129130000,
  PackedVisibility20261129220000,
]
