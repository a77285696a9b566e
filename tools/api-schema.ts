/**
 * The API schema is what frontends see: this subgraph composed alone, without the machinery of federation, printed sorted.
 * `api/schema.graphql` is the API schema of the last release.
 *
 * `tsx tools/api-schema.ts --check` fails when a client of the last release could break, unless `api/breaking-changes.json` has
 * an entry `{ "change": <as printed here>, "reason": … }` for it; entries that no longer apply fail as well.
 * `tsx tools/api-schema.ts --release` writes today's as the last release's, empties the list of breaking changes, and names the commit in
 * `api/released-commit`: its instances must run on the tables of the next release.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildASTSchema,
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql'

import { installPackage } from './install-package.ts'

type Accepted = { readonly change: string; readonly reason: string }

const ROOT = join(import.meta.dirname, '..')
const RELEASED = join(ROOT, 'api', 'schema.graphql')
const ACCEPTED = join(ROOT, 'api', 'breaking-changes.json')
const RELEASED_COMMIT = join(ROOT, 'api', 'released-commit')
const HEADER = '# The API schema of the last release, composed. `npm run api:release` writes it.\n\n'

const current = await composedApi()
if (process.argv.includes('--release')) release()
else process.exit(check() ? 0 : 1)

function release(): void {
  writeFileSync(RELEASED, `${HEADER}${current}\n`)
  writeFileSync(ACCEPTED, '[]\n')
  writeFileSync(RELEASED_COMMIT, execFileSync('git', ['rev-parse', 'HEAD']))
}

function check(): boolean {
  if (!existsSync(RELEASED)) {
    console.error(`There is no ${RELEASED} to compare with.`)
    return false
  }
  const [before, after] = [buildSchema(readFileSync(RELEASED, 'utf8')), buildSchema(current)]
  const changes = findBreakingChanges(before, after).map(({ description }) => description)
  const accepted = readAccepted()
  const unexpected = changes.filter((change) => !accepted.some((entry) => entry.change === change))
  const stale = accepted.filter(({ change }) => !changes.includes(change))
  const unreasoned = accepted.filter(({ reason }) => reason.trim() === '')

  for (const change of unexpected) console.error(`Breaking, and not in api/breaking-changes.json: ${change}`)
  for (const { change } of stale)
    console.error(`In api/breaking-changes.json, but does not happen: ${change}`)
  for (const { change } of unreasoned)
    console.error(`In api/breaking-changes.json without a reason: ${change}`)
  for (const { description } of findDangerousChanges(before, after))
    console.log(`To be mentioned in the changelog: ${description}`)
  return unexpected.length + stale.length + unreasoned.length === 0
}

function readAccepted(): readonly Accepted[] {
  return existsSync(ACCEPTED) ? (JSON.parse(readFileSync(ACCEPTED, 'utf8')) as readonly Accepted[]) : []
}

async function composedApi(): Promise<string> {
  installPackage('tools')
  // Not before it is installed.
  const { composeServices, transformSupergraphToPublicSchema } =
    await import('@theguild/federation-composition')
  const composed = composeServices([{ name: 'presence-privacy', typeDefs: parse(subgraphSdl()) }])
  if (composed.errors !== undefined) {
    for (const { message } of composed.errors) console.error(`Does not compose: ${message}`)
    process.exit(1)
  }
  const api = buildASTSchema(transformSupergraphToPublicSchema(parse(composed.supergraphSdl)))
  return printSchema(lexicographicSortSchema(api))
}

function subgraphSdl(): string {
  const folder = join(ROOT, 'schema')
  const files = readdirSync(folder).filter((file) => file.endsWith('.graphql'))
  return files
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'))
    .join('\n')
}
