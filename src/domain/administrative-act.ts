import { settingsOf } from './class-settings.ts'
import type { ClassOfService } from './class-of-service.ts'
import type { PresenceServer } from './disclosure.ts'
import type { Actor } from './trail.ts'

/** Whoever administers, through the API or with the operator's tool. */
export type Administrator = Actor & { readonly kind: 'ADMINISTRATOR' }

/** What administrators do that is about no single decision: those that they make, or end, in somebody's place are in the trail. */
export type AdministrativeActKind =
  | 'CLASS_CREATED'
  | 'CLASS_CHANGED'
  | 'CLASS_ASSIGNED'
  | 'PRESENCE_SERVER_SET'
  | 'SITE_CHANGED'
  | 'EXPORTED'
  | 'SIGHT_EXPLAINED'
  | 'ERASED'

/** A setting under its name in the API, and its values as text. `before` is null where nothing was, or not the same for all users. */
export type SetValue = { readonly name: string; readonly before: string | null; readonly after: string }

/** An act without who did it, when, and about whom. No ids of users are in it: an erasure finds them beside it. */
export type AdministrativeAct = {
  readonly kind: AdministrativeActKind
  /** The class that it was about, as it was called then. */
  readonly className: string | null
  /** What was set; of a change, only what became different. */
  readonly settings: readonly SetValue[]
}

export function classCreated(of: ClassOfService): AdministrativeAct {
  const settings = Object.entries(settingsOf(of)).map(([name, value]) => ({
    ...{ name, before: null, after: String(value) },
  }))
  return { kind: 'CLASS_CREATED', className: of.name, settings }
}

export function classChanged(before: ClassOfService, after: ClassOfService): AdministrativeAct {
  const was = { name: before.name, ...settingsOf(before) }
  const is = { name: after.name, ...settingsOf(after) }
  return { kind: 'CLASS_CHANGED', className: before.name, settings: differences(was, is) }
}

export function classAssigned(className: string): AdministrativeAct {
  return { kind: 'CLASS_ASSIGNED', className, settings: [] }
}

/** NONE_KNOWN leaves it to the site, which the API calls SITE_DEFAULT. */
export function presenceServerSet(server: PresenceServer): AdministrativeAct {
  const after = server === 'NONE_KNOWN' ? 'SITE_DEFAULT' : server
  return {
    kind: 'PRESENCE_SERVER_SET',
    className: null,
    settings: [{ name: 'presenceServer', before: null, after }],
  }
}

type Site = { readonly presenceServer: PresenceServer }

export function siteChanged(before: Site, after: Site): AdministrativeAct {
  return { kind: 'SITE_CHANGED', className: null, settings: differences(before, after) }
}

/** An act that sets nothing: all there is to say of it is whom it was about. */
export function actAboutUsers(
  kind: Extract<AdministrativeActKind, 'EXPORTED' | 'SIGHT_EXPLAINED' | 'ERASED'>,
): AdministrativeAct {
  return { kind, className: null, settings: [] }
}

function differences<Settings extends object>(before: Settings, after: Settings): readonly SetValue[] {
  const was = new Map<string, unknown>(Object.entries(before))
  return Object.entries(after).flatMap(([name, value]: [string, unknown]) =>
    was.get(name) === value ? [] : [{ name, before: String(was.get(name)), after: String(value) }],
  )
}
