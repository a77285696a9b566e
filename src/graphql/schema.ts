import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSubgraphSchema } from '@apollo/subgraph'
import { parse, type GraphQLSchema } from 'graphql'
import { withAnswerLimit } from './answer-limit.ts'
import { withEntities } from './entities.ts'
import { resolvers } from './resolvers.ts'

/** The SDL as it is composed: the files of `schema/`, which are the source of truth. */
export function readSdl(): string {
  const folder = schemaFolder(import.meta.dirname)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.graphql'))
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
}

/** The executable schema. `maxRepresentations` is how many entities one operation may ask for. */
export function createSchema(options: { readonly maxRepresentations: number }): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(readSdl()), resolvers }])
  return withAnswerLimit(withEntities(schema, options))
}

/** The nearest `schema/` upwards: the same folder whether this file runs from `src` or compiled from `dist`. */
function schemaFolder(from: string): string {
  const folder = join(from, 'schema')
  try {
    readdirSync(folder)
    return folder
  } catch (error) {
    const parent = dirname(from)
    if (parent === from) throw error
    return schemaFolder(parent)
  }
}
