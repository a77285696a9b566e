import type { DataSource, Repository } from 'typeorm'
import type { Administration } from '../application/administration.ts'
import { Unavailable } from '../application/ports.ts'
import { classWith } from '../domain/class-settings.ts'
import type { ClassOfService } from '../domain/class-of-service.ts'
import { ClassOfServiceEntity, type ClassOfServiceRow } from './entities/class-of-service.ts'

const UNIQUE_VIOLATION = '23505'

type Classes = Pick<Administration, 'classes' | 'findClass' | 'createClass' | 'changeClass'>

/** Classes of service, one row each, through TypeORM. A comment names the caller of each statement. */
export function postgresClassesOfService(source: DataSource): Classes {
  const repository = source.getRepository(ClassOfServiceEntity)
  const find = async (name: string, comment: string): Promise<ClassOfService | null> => {
    const row = await reach(() => repository.findOne({ where: { name }, comment }))
    return row && classOf(row)
  }

  return {
    async classes() {
      const rows = await reach(() => repository.find({ order: { name: 'asc' }, comment: 'listClasses' }))
      return rows.map(classOf)
    },

    findClass: (name) => find(name, 'findClass'),

    async createClass({ name, settings, maxClasses }) {
      const count = await reach(() => repository.createQueryBuilder().comment('countClasses').getCount())
      if (count >= maxClasses) return { refused: 'TOO_MANY_CLASSES' }
      const created = await reach(() =>
        repository
          .createQueryBuilder()
          .comment('createClass')
          .insert()
          .values({ name, ...settings })
          .orIgnore()
          .returning('id')
          .updateEntity(false)
          .execute(),
      )
      return (created.raw as unknown[]).length === 0
        ? { refused: 'NAME_TAKEN' }
        : { classOfService: classWith(name, settings) }
    },

    async changeClass({ name, newName, settings }) {
      try {
        const changed = await updateClass(repository, name, {
          ...settings,
          ...(newName !== undefined && { name: newName }),
        })
        if (!changed) return { refused: 'NOT_FOUND' }
      } catch (error) {
        if (codeOf(error) === UNIQUE_VIOLATION) return { refused: 'NAME_TAKEN' }
        throw new Unavailable(error)
      }
      const classOfService = await find(newName ?? name, 'readChangedClass')
      return classOfService === null ? { refused: 'NOT_FOUND' } : { classOfService }
    },
  }
}

async function updateClass(
  repository: Repository<ClassOfServiceRow>,
  name: string,
  change: Partial<ClassOfServiceRow>,
): Promise<boolean> {
  const { affected } = await repository
    .createQueryBuilder()
    .comment('changeClass')
    .update()
    .set({ ...change, revision: () => 'revision + 1' })
    .where('name = :was', { was: name })
    .execute()
  return affected === 1
}

function classOf({ name, ...settings }: ClassOfServiceRow): ClassOfService {
  return classWith(name, settings)
}

function codeOf(error: unknown): unknown {
  return (error as { driverError?: { code?: unknown } }).driverError?.code
}

async function reach<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step()
  } catch (error) {
    throw new Unavailable(error)
  }
}
