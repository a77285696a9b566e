import type { Administrator } from '../domain/administrative-act.ts'
import type { ClassOfService } from '../domain/class-of-service.ts'
import {
  DEFAULT_CLASS_NAME,
  FIRST_SETTINGS,
  parseClassName,
  parseNewClassName,
  settingFault,
  type ClassSettings,
  type SettingFault,
} from '../domain/class-settings.ts'
import type { Administration } from './administration.ts'

/** Far more than a site has reason for, and few enough to list at once. */
export const MAX_CLASSES = 1000

/** What cannot be set, or be a name; nothing was applied. */
export type ClassFault = { readonly fault: SettingFault | { readonly name: 'name' | 'newName' } }

export type ClassCreated =
  | { readonly classOfService: ClassOfService }
  | { readonly refused: 'NAME_TAKEN' | 'TOO_MANY_CLASSES' }
  | ClassFault

/** An administrator makes a class of service; what he leaves out is as the default class was at first. */
export async function createClass(
  administration: Administration,
  creation: {
    readonly actor: Administrator
    readonly name: string
    readonly settings: Partial<ClassSettings>
  },
): Promise<ClassCreated> {
  const { actor, name, settings } = creation
  if (parseNewClassName(name) === undefined) return { fault: { name: 'name' } }
  const fault = settingFault(settings)
  if (fault !== undefined) return { fault }
  return administration.createClass({
    actor,
    name,
    settings: { ...FIRST_SETTINGS, ...settings },
    maxClasses: MAX_CLASSES,
  })
}

/** The class of that name, if there is one. */
export async function findClass(
  administration: Administration,
  name: string,
): Promise<ClassOfService | null> {
  return parseClassName(name) === undefined ? null : administration.findClass(name)
}

export type ClassChanged =
  | { readonly classOfService: ClassOfService }
  | { readonly refused: 'NOT_FOUND' | 'NAME_TAKEN' | 'DEFAULT_KEEPS_ITS_NAME' }
  | ClassFault

/**
 * An administrator changes a class of service, for all its users at once: what they ask, see and choose from now on. What is open or
 * decided stays as it is.
 */
export async function changeClass(
  administration: Administration,
  change: {
    readonly actor: Administrator
    readonly name: string
    readonly newName?: string
    readonly settings: Partial<ClassSettings>
  },
): Promise<ClassChanged> {
  const { name, newName, settings } = change
  if (parseClassName(name) === undefined) return { refused: 'NOT_FOUND' }
  if (newName !== undefined && parseNewClassName(newName) === undefined) return { fault: { name: 'newName' } }
  const fault = settingFault(settings)
  if (fault !== undefined) return { fault }
  if (name === DEFAULT_CLASS_NAME && newName !== undefined && newName !== name) {
    return { refused: 'DEFAULT_KEEPS_ITS_NAME' }
  }
  return administration.changeClass(change)
}
