import type { FindOneOptions, Repository as TypeOrmRepository } from 'typeorm'
import type { Administration } from '../application/administration.ts'
import { StorageFault } from '../application/ports.ts'
import { classChanged, classCreated } from '../domain/administrative-act.ts'
import { classWith, settingsOf } from '../domain/class-settings.ts'
import type { ClassOfService } from '../domain/class-of-service.ts'
import { HOLD_CLASSES } from './class-locks.ts'
import type { Statements } from './database.ts'
import { ClassOfServiceEntity, type ClassOfServiceRow } from './entities/class-of-service.ts'
import { PROVEN } from './proof.ts'
import { beginAct } from './record-act.ts'
import { classColumns, classOf as classOfRow } from './rows.ts'
import { NOTIFY, SETTINGS_PAYLOAD } from './signal.ts'
import { codeOf, reach } from './storage-error.ts'

/** Later than whatever has begun while the class still allowed it. */
const CLOCK = `date_trunc('milliseconds', clock_timestamp())`

const UNIQUE_VIOLATION = '23505'

type Classes = Pick<Administration, 'classes' | 'findClass' | 'createClass' | 'changeClass'>

const LIST_CLASSES = `/* listClasses */
  select ${classColumns('c', 'class')}
  from presence_privacy.classes_of_service c
  where ${PROVEN}
  order by c.name`

const FIND_CLASS = `/* findClass */
  select ${classColumns('c', 'class')}
  from presence_privacy.classes_of_service c
  where ${PROVEN} and c.name = $1`

const COUNT_CLASSES = `/* countClasses */
  select count(*)::int as count from presence_privacy.classes_of_service where ${PROVEN}`

type ClassRow = Parameters<typeof classOfRow<'class'>>[0]

/** Classes of service, one row each. They are changed through TypeORM; a comment names the caller of each statement. */
export function postgresClassesOfService({ query, transaction }: Statements): Classes {
  return {
    async classes() {
      const rows = await query<ClassRow>(LIST_CLASSES, [])
      return rows.map((row) => classOfRow(row, 'class'))
    },

    async findClass(name) {
      const [row] = await query<ClassRow>(FIND_CLASS, [name])
      return row === undefined ? null : classOfRow(row, 'class')
    },

    createClass: ({ actor, name, settings, maxClasses }) =>
      transaction(async (run, manager) => {
        const act = await beginAct(run, actor)
        const classes = manager.getRepository(ClassOfServiceEntity)
        const [counted] = await run<{ count: number }>(COUNT_CLASSES, [])
        if ((counted?.count ?? 0) >= maxClasses) return { refused: 'TOO_MANY_CLASSES' }
        const created = await reach(() =>
          classes
            .createQueryBuilder()
            .comment('createClass')
            .insert()
            .values({ name, ...settings })
            .orIgnore()
            .returning('id')
            .updateEntity(false)
            .execute(),
        )
        if ((created.raw as unknown[]).length === 0) return { refused: 'NAME_TAKEN' }
        const classOfService = classWith(name, settings)
        await act.end(classCreated(classOfService))
        return { classOfService }
      }),

    async changeClass({ actor, name, newName = name, settings }) {
      try {
        return await transaction(async (run, manager) => {
          const act = await beginAct(run, actor)
          if (settings.appearOfflineAllowed !== undefined) await run(HOLD_CLASSES, [])
          const classes = manager.getRepository(ClassOfServiceEntity)
          const lock = { mode: 'for_no_key_update' } as const
          const before = await find(classes, { where: { name }, lock, comment: 'lockChangedClass' })
          if (before === null) return { refused: 'NOT_FOUND' }
          const forbids = before.appearOfflineAllowed && settings.appearOfflineAllowed === false
          await reach(() => updateClass(classes, name, { settings: { ...settings, name: newName }, forbids }))
          await run(NOTIFY, [[SETTINGS_PAYLOAD]])
          const classOfService = classWith(newName, { ...settingsOf(before), ...settings })
          await act.end(classChanged(before, classOfService))
          return { classOfService }
        })
      } catch (error) {
        if (error instanceof StorageFault && codeOf(error.cause) === UNIQUE_VIOLATION) {
          return { refused: 'NAME_TAKEN' }
        }
        throw error
      }
    },
  }
}

type Repository = TypeOrmRepository<ClassOfServiceRow>

async function find(repository: Repository, options: FindOneOptions<ClassOfServiceRow>) {
  const row = await reach(() => repository.findOne(options))
  return row && classOf(row)
}

async function updateClass(
  repository: Repository,
  name: string,
  change: {
    readonly settings: Partial<ClassOfServiceRow>
    /** Whether it comes to forbid to appear offline. */
    readonly forbids: boolean
  },
): Promise<void> {
  await repository
    .createQueryBuilder()
    .comment('changeClass')
    .update()
    .set({
      ...change.settings,
      ...(change.forbids && { appearOfflineForbiddenAt: () => CLOCK }),
      revision: () => 'revision + 1',
    })
    .where('name = :was', { was: name })
    .execute()
}

function classOf({ name, ...settings }: ClassOfServiceRow): ClassOfService {
  return classWith(name, settings)
}
