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
 * however many users are in it.
 */
export interface Administration {
  /** All of them, by name. */
  classes(): Promise<readonly ClassOfService[]>
  findClass(name: string): Promise<ClassOfService | null>
  /** How many users were put into each class but the default one, where everybody else is. */
  assignedUsers(): Promise<ReadonlyMap<string, number>>
  /** Refused when there are `maxClasses`. */
  createClass(creation: {
    name: string
    settings: ClassSettings
    maxClasses: number
  }): Promise<{ classOfService: ClassOfService } | { refused: 'NAME_TAKEN' | 'TOO_MANY_CLASSES' }>
  /** What is left out stays. */
  changeClass(change: {
    name: string
    newName?: string
    settings: Partial<ClassSettings>
  }): Promise<{ classOfService: ClassOfService } | { refused: 'NOT_FOUND' | 'NAME_TAKEN' }>
  /** Of every user asked for. */
  settingsOf(users: readonly UserId[]): Promise<ReadonlyMap<UserId, UserSettings>>
  /** Of all users, or of none. */
  assignClass(assignment: UsersInOrder & { className: string }): Promise<'ASSIGNED' | 'CLASS_NOT_FOUND'>
  /** Of all users, or of none. NONE_KNOWN leaves it to the site. */
  setPresenceServer(setting: UsersInOrder & { server: PresenceServer }): Promise<void>
  site(): Promise<SiteSettings>
  setSite(settings: SiteSettings): Promise<void>
}
