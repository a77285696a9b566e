import { changeClass, createClass, type ClassFault } from '../../application/administer-classes.ts'
import type { ClassOfService } from '../../domain/class-of-service.ts'
import {
  DEFAULT_CLASS_NAME,
  SETTING_RANGES,
  settingsOf,
  type ClassSettings,
  type RangedSetting,
} from '../../domain/class-settings.ts'
import { Refused, UsageError, type Call, type Command, type Option } from '../command.ts'

const HANDLINGS = ['USER_DEFINED', 'AUTO_ACCEPT', 'PROMPT'] as const

/** A flag for each setting; a range of its own setting is in its help. */
const FLAGS = {
  invitationHandling: {
    flag: 'invitation-handling',
    value: HANDLINGS.join('|'),
    help: 'what becomes of requests; users of PROMPT see contacts only',
  },
  pendingShown: {
    flag: 'pending-shown',
    value: 'on|off',
    help: 'an OCS_2007 server may show users to those who still wait',
  },
  appearOfflineAllowed: { flag: 'appear-offline', value: 'on|off', help: 'users may appear offline' },
  maxContacts: { flag: 'max-contacts', value: '<n>', help: 'largest contact list' },
  requestsPerMinute: {
    flag: 'requests-per-minute',
    value: '<n>',
    help: 'users that each may ask in a minute',
  },
  requestsPerDay: { flag: 'requests-per-day', value: '<n>', help: 'users that each may ask in a day' },
  requestLifetimeSeconds: {
    flag: 'request-lifetime-seconds',
    value: '<n>',
    help: 'how long a request stays open',
  },
  requestCooldownSeconds: {
    flag: 'request-cooldown-seconds',
    value: '<n>',
    help: 'how long to wait before the same user is asked again',
  },
} as const satisfies Record<keyof ClassSettings, { flag: string; value: string; help: string }>

const SETTING_OPTIONS: Record<string, Option> = Object.fromEntries(
  Object.entries(FLAGS).map(([name, { flag, value, help }]) => {
    const range = name in SETTING_RANGES ? SETTING_RANGES[name as RangedSetting] : undefined
    const limits = range === undefined ? '' : `, ${String(range.least)} to ${String(range.most)}`
    return [flag, { type: 'string', value, help: help + limits }]
  }),
)

export const classesList: Command = {
  name: 'classes list',
  takes: '',
  summary: 'show the classes of service',
  about: [
    `Everybody who was put into no other class is in "${DEFAULT_CLASS_NAME}"; its users are not counted.`,
  ],
  options: {},
  examples: ['classes list', 'classes list --json'],
  async run({ store }) {
    const { administration } = await store()
    const [classes, counts] = [await administration.classes(), await administration.assignedUsers()]
    const listed = classes.map((of) => ({ ...shownOf(of), assignedUsers: counts.get(of.name) ?? null }))
    return { text: listed.map(textOf).join('\n\n'), json: { classes: listed } }
  },
}

export const classesCreate: Command = {
  name: 'classes create',
  takes: '<name>',
  summary: 'make a class of service',
  about: ['What is left out is as the default class was at first.'],
  options: SETTING_OPTIONS,
  examples: ['classes create reception --invitation-handling AUTO_ACCEPT --max-contacts 200'],
  async run(call) {
    const name = nameIn(call)
    const settings = settingsIn(call)
    const { administration } = await call.store()
    const created = await createClass(administration, { actor: call.actor, name, settings })
    if ('fault' in created) throw usageOf(created)
    if ('refused' in created) {
      throw new Refused(
        created.refused === 'NAME_TAKEN'
          ? `There is a class "${name}" already: change it with "classes update", or choose another name.`
          : 'There are as many classes as there can be. Use one of them.',
      )
    }
    const shown = shownOf(created.classOfService)
    return { text: `Made.\n${textOf(shown)}`, json: { classOfService: shown } }
  },
}

export const classesUpdate: Command = {
  name: 'classes update',
  takes: '<name>',
  summary: 'change a class of service, for all its users at once',
  about: ['What is left out stays. Nothing that is open or decided is touched.'],
  options: {
    'new-name': { type: 'string', value: '<name>', help: 'rename it; the default class keeps its name' },
    ...SETTING_OPTIONS,
  },
  examples: [
    'classes update reception --requests-per-minute 20 --appear-offline off',
    'classes update reception --new-name "front desk"',
  ],
  async run(call) {
    const name = nameIn(call)
    const newName = call.values['new-name']
    const settings = settingsIn(call)
    if (newName === undefined && Object.keys(settings).length === 0) {
      throw new UsageError('Nothing to change was given.')
    }
    const { administration } = await call.store()
    const changed = await changeClass(administration, {
      actor: call.actor,
      name,
      settings,
      ...(typeof newName === 'string' && { newName }),
    })
    if ('fault' in changed) throw usageOf(changed)
    if ('refused' in changed)
      throw new Refused(refusalOf(changed.refused, { name, newName: String(newName) }))
    const shown = shownOf(changed.classOfService)
    return { text: `Changed.\n${textOf(shown)}`, json: { classOfService: shown } }
  },
}

export function noSuchClass(name: string): Refused {
  return new Refused(`There is no class "${name}". See which there are: npm run admin -- classes list`)
}

function refusalOf(
  refused: 'NOT_FOUND' | 'NAME_TAKEN' | 'DEFAULT_KEEPS_ITS_NAME',
  { name, newName }: { readonly name: string; readonly newName: string },
): string {
  switch (refused) {
    case 'NOT_FOUND':
      return noSuchClass(name).message
    case 'NAME_TAKEN':
      return `There is a class "${newName}" already: choose another name.`
    case 'DEFAULT_KEEPS_ITS_NAME':
      return 'The default class keeps its name: make another class, and assign it.'
  }
}

function nameIn({ positionals: [name, surplus] }: Call): string {
  if (name === undefined) throw new UsageError('The name of the class is missing.')
  if (surplus !== undefined) throw new UsageError('One class at a time: quote a name that holds spaces.')
  return name
}

function settingsIn({ values }: Call): Partial<ClassSettings> {
  const given = Object.entries(FLAGS).flatMap(([setting, { flag, value: form }]) => {
    const value = values[flag]
    return typeof value === 'string' ? [[setting, settingIn(`--${flag}`, form, value)]] : []
  })
  return Object.fromEntries(given) as Partial<ClassSettings>
}

function settingIn(flag: string, form: string, value: string): string | number | boolean {
  if (form === '<n>') {
    if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${flag} is a whole number, written in digits alone.`)
    return Number(value)
  }
  const words = form.split('|')
  if (!words.includes(value)) throw new UsageError(`${flag} is one of ${words.join(', ')}.`)
  return words.includes('on') ? value === 'on' : value
}

function usageOf({ fault }: ClassFault): UsageError {
  if ('setting' in fault) {
    const { setting, least, most } = fault
    return new UsageError(`--${FLAGS[setting].flag} is ${String(least)} to ${String(most)}.`)
  }
  return new UsageError('A name is 1 to 100 characters, without control characters or spaces around.')
}

function shownOf(of: ClassOfService): { readonly name: string } & ClassSettings {
  return { name: of.name, ...settingsOf(of) }
}

/** The settings as one would type them. */
function textOf({
  name,
  assignedUsers,
  ...settings
}: ReturnType<typeof shownOf> & { readonly assignedUsers?: number | null }): string {
  const users = assignedUsers == null ? '' : ` (${String(assignedUsers)} users)`
  const lines = Object.entries(FLAGS).map(([setting, { flag }]) => {
    const value = settings[setting as keyof ClassSettings]
    return `  --${flag} ${typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value)}`
  })
  return [`${name}${users}`, ...lines].join('\n')
}
