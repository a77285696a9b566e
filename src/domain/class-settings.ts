import type { ClassOfService } from './class-of-service.ts'
import type { ClassInvitationHandling } from './invitation-handling.ts'
import { isPlainText } from './plain-text.ts'

/** Everybody who was put into no other class is in this one. It is always there, under this name. */
export const DEFAULT_CLASS_NAME = 'default'

/** A class of service as administrators write it: whole seconds, and one name for each setting. */
export type ClassSettings = {
  readonly invitationHandling: ClassInvitationHandling
  readonly pendingShown: boolean
  readonly appearOfflineAllowed: boolean
  readonly maxContacts: number
  readonly requestsPerMinute: number
  readonly requestsPerDay: number
  readonly requestLifetimeSeconds: number
  readonly requestCooldownSeconds: number
}

/** What a new class has, except for what is set. The default class began with the same. */
export const FIRST_SETTINGS: ClassSettings = Object.freeze({
  invitationHandling: 'USER_DEFINED',
  pendingShown: true,
  appearOfflineAllowed: true,
  maxContacts: 500,
  requestsPerMinute: 100,
  requestsPerDay: 1000,
  requestLifetimeSeconds: 14 * 86_400,
  requestCooldownSeconds: 60,
})

const YEAR_SECONDS = 365 * 86_400

/** The least and the most that each number can be. The table checks the same, so that nobody gets round it. */
export const SETTING_RANGES = {
  maxContacts: { least: 0, most: 500 },
  requestsPerMinute: { least: 0, most: 10_000 },
  requestsPerDay: { least: 0, most: 100_000 },
  requestLifetimeSeconds: { least: 60, most: YEAR_SECONDS },
  requestCooldownSeconds: { least: 0, most: YEAR_SECONDS },
} as const satisfies Partial<Record<keyof ClassSettings, { readonly least: number; readonly most: number }>>

export type RangedSetting = keyof typeof SETTING_RANGES

/** A number that cannot be set, and what could be. */
export type SettingFault = { readonly setting: RangedSetting; readonly least: number; readonly most: number }

/** The first number that lies outside its range. */
export function settingFault(settings: Partial<ClassSettings>): SettingFault | undefined {
  for (const setting of Object.keys(SETTING_RANGES) as RangedSetting[]) {
    const value = settings[setting]
    const { least, most } = SETTING_RANGES[setting]
    if (value !== undefined && !(Number.isInteger(value) && value >= least && value <= most)) {
      return { setting, least, most }
    }
  }
  return undefined
}

const MAX_NAME_LENGTH = 100
const CONTROL_CHARACTER = /\p{Cc}/u

/** The name, if a class can have it: 1 to 100 characters without control characters or spaces around. Compared as it is spelt. */
export function parseClassName(name: string): string | undefined {
  const length = [...name].length
  if (length === 0 || length > MAX_NAME_LENGTH || name.trim() !== name) return undefined
  return name.isWellFormed() && !CONTROL_CHARACTER.test(name) ? name : undefined
}

/** The name, if a class can be given it: users read it, so it has to show all that it holds. One that a class has had before stays. */
export function parseNewClassName(name: string): string | undefined {
  return isPlainText(name) ? parseClassName(name) : undefined
}

/** The class as the rules read it. */
export function classWith(name: string, settings: ClassSettings): ClassOfService {
  return {
    name,
    invitationHandling: settings.invitationHandling,
    pendingShown: settings.pendingShown,
    appearOfflineAllowed: settings.appearOfflineAllowed,
    maxContacts: settings.maxContacts,
    requestLifetimeMs: settings.requestLifetimeSeconds * 1000,
    requestLimits: { perMinute: settings.requestsPerMinute, perDay: settings.requestsPerDay },
    requestCooldownMs: settings.requestCooldownSeconds * 1000,
  }
}

/** The class as administrators write it. */
export function settingsOf(of: ClassOfService): ClassSettings {
  return {
    invitationHandling: of.invitationHandling,
    pendingShown: of.pendingShown,
    appearOfflineAllowed: of.appearOfflineAllowed,
    maxContacts: of.maxContacts,
    requestsPerMinute: of.requestLimits.perMinute,
    requestsPerDay: of.requestLimits.perDay,
    requestLifetimeSeconds: of.requestLifetimeMs / 1000,
    requestCooldownSeconds: of.requestCooldownMs / 1000,
  }
}
