import type { Form } from './form.ts'
import { ACCOUNT } from './forms/account.ts'
import { ADMINISTRATION } from './forms/administration.ts'
import { CHANGES } from './forms/changes.ts'
import { ERASURE } from './forms/erasure.ts'
import { FACTS } from './forms/facts.ts'
import { LISTS } from './forms/lists.ts'
import { LIVE } from './forms/live.ts'
import { SESSIONS } from './forms/sessions.ts'
import { TRAILS } from './forms/trails.ts'
import { WRITES } from './forms/writes.ts'

/** Every way in which the product asks PostgreSQL for what decides, or is kept; TypeORM's own statements apart. */
export const FORMS: readonly Form[] = [
  ...[...FACTS, ...LIVE, ...CHANGES, ...WRITES, ...SESSIONS],
  ...[...LISTS, ...ACCOUNT, ...TRAILS, ...ERASURE, ...ADMINISTRATION],
]
