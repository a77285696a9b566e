import type { Administrator } from '../domain/administrative-act.ts'
import type { ClassOfService } from '../domain/class-of-service.ts'
import type { ClassSettings } from '../domain/class-settings.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import type { UserId } from '../domain/user-id.ts'

/** What administrators have set for one user, or what counts where they have set nothing. */
export type UserSettings = {
  readonly classOfService: ClassOfService
  readonly presenceServer: {
    /** NONE_KNOWN leaves it to the site. */
    readonly own: PresenceServer
    readonly effective: PresenceServer
  }
}

/** What administrators set for everybody of whom nothing else is set. */
export type SiteSettings = { readonly presenceServer: PresenceServer }

/** Users whom administrators set something for at once: distinct, in the order of their bytes, which is that of all locks. */
export type UsersInOrder = {
  readonly users: readonly UserId[]
  /** Hears how many are done, now and then, before anything of it counts. */
  readonly onProgress?: (done: number) => void
}

/**
 * What administrators set. None of it touches what is open or decided, and all of it counts from its return on. A class is one row,
 * however many users are in it. Whatever is set is recorded with it, as the act of `actor`; if he was erased, it throws `UserErased`.
 */
export interface Administration {
  /** All of them, by name. */
  classes(): Promise<readonly ClassOfService[]>
  findClass(name: string): Promise<ClassOfService | null>
  /** How many users were put into each class but the default one, where everybody else is. */
  assignedUsers(): Promise<ReadonlyMap<string, number>>
  /** Refused when there are `maxClasses`. */
  createClass(creation: {
    actor: Administrator
    name: string
    settings: ClassSettings
    maxClasses: number
  }): Promise<{ classOfService: ClassOfService } | { refused: 'NAME_TAKEN' | 'TOO_MANY_CLASSES' }>
  /** What is left out stays. */
  changeClass(change: {
    actor: Administrator
    name: string
    newName?: string
    settings: Partial<ClassSettings>
  }): Promise<{ classOfService: ClassOfService } | { refused: 'NOT_FOUND' | 'NAME_TAKEN' }>
  /** Of every user asked for. */
  settingsOf(users: readonly UserId[]): Promise<ReadonlyMap<UserId, UserSettings>>
  /** Of all users, or of none; whoever was erased is left out of all. Says how many those are. */
  assignClass(
    assignment: UsersInOrder & { actor: Administrator; className: string },
  ): Promise<{ assigned: number } | 'CLASS_NOT_FOUND'>
  /** The same; NONE_KNOWN leaves it to the site. */
  setPresenceServer(
    setting: UsersInOrder & { actor: Administrator; server: PresenceServer },
  ): Promise<{ set: number }>
  site(): Promise<SiteSettings>
  setSite(settings: SiteSettings & { actor: Administrator }): Promise<void>
}
