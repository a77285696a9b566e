import { GraphQLError, isObjectType, type GraphQLSchema } from 'graphql'
import { parseUserId, type UserId } from '../domain/user-id.ts'
import type { GraphQLContext } from './context.ts'
import { badInput, tooManyRepresentations } from './errors.ts'
import { selectsMoreThanIds } from './selects-more-than-ids.ts'

/** Each representation that is no user makes an error of its own. Errors are expensive: a thousand would delay everybody else. */
const MAX_FAULTS = 50

type Entity = { readonly __typename: 'User'; readonly id: UserId }

/**
 * Answers `_entities` in our own way. The stock resolver has no limit, fails the whole list for one entity of an unknown type, and
 * hands back whatever else a representation held: here a representation gives an id, never a value, and each fails alone.
 */
export function withEntities(
  schema: GraphQLSchema,
  { maxRepresentations }: { readonly maxRepresentations: number },
): GraphQLSchema {
  const field = schema.getQueryType()?.getFields()['_entities']
  const entity = schema.getType('_Entity')
  if (
    field === undefined ||
    entity === undefined ||
    !('resolveType' in entity) ||
    !isObjectType(schema.getType('User'))
  ) {
    throw new Error('the schema has no entities')
  }
  entity.resolveType = ({ __typename }: Entity) => __typename
  field.resolve = (
    _query,
    { representations }: { representations: readonly unknown[] },
    context: GraphQLContext,
    info,
  ) => {
    context.viewer()
    const asked = context.countEntities(representations.length)
    if (asked > maxRepresentations) throw tooManyRepresentations(asked, maxRepresentations)
    const entities = representations.map(entityOf)
    const faults = entities.filter((entity) => entity instanceof GraphQLError).length
    if (faults > 0 && context.countFaults(faults) > MAX_FAULTS) throw tooManyFaults()
    // Their fields need not wait for each other then.
    if (selectsMoreThanIds(info)) return context.looks.atAll(idsOf(entities)).then(() => entities)
    return context.services.proveCaller().then(() => entities)
  }
  return schema
}

function entityOf(representation: unknown): Entity | GraphQLError {
  const { __typename, id } = representation as { __typename?: unknown; id?: unknown }
  if (__typename !== 'User')
    return badInput('representations', 'This subgraph knows entities of the type User only.')
  const user = userIdOf(id)
  return user === undefined
    ? badInput('representations', 'A User is represented by its id.')
    : { __typename, id: user }
}

/** As GraphQL coerces an ID, but for what JSON has rounded: it would be another user's. */
function userIdOf(key: unknown): UserId | undefined {
  if (typeof key === 'string') return parseUserId(key)
  return Number.isSafeInteger(key) ? parseUserId(String(key)) : undefined
}

function tooManyFaults(): GraphQLError {
  return badInput(
    'representations',
    `More than ${String(MAX_FAULTS)} of them represent no User. Send the __typename and the id of each.`,
  )
}

function idsOf(entities: readonly (Entity | GraphQLError)[]): readonly UserId[] {
  const ids: UserId[] = []
  for (const entity of entities) if (!(entity instanceof GraphQLError)) ids.push(entity.id)
  return ids
}
