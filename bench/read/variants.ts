import { startServer, TRUST } from '../built-subgraph.ts'
import { forkServer, type ForkedServer } from '../fork-server.ts'

/** What is compared. */
export const VARIANTS = ['subgraph', 'limit'] as const
export type VariantName = (typeof VARIANTS)[number]

export type Variant = ForkedServer & { readonly name: VariantName }

/** Null if it is not to be had on this machine. */
type StartVariant = (options: {
  readonly databaseUrl: string
  readonly execArgv: string[]
}) => Promise<ForkedServer | null>

const starters: Record<VariantName, StartVariant> = {
  subgraph: ({ databaseUrl, execArgv }) => startServer(databaseUrl, { execArgv }),
  limit: server('limit-server.js'),
}

export async function startVariant(
  name: VariantName,
  options: Parameters<StartVariant>[0],
): Promise<Variant | null> {
  const started = await starters[name](options)
  return started && { ...started, name }
}

function server(file: string): StartVariant {
  return ({ databaseUrl, execArgv }) =>
    forkServer(new URL(file, import.meta.url), {
      execArgv,
      env: { NODE_ENV: 'production', DATABASE_URL: databaseUrl, ...TRUST },
    })
}
