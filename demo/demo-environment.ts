import { resolve } from 'node:path'
import { developmentTrust, type DevelopmentKey } from '../src/identity/development-key.ts'
import { freePort } from './free-port.ts'

const SUBGRAPH_PORT = 4001

/** A folder of the demo's own: that of `npm start` serves one process, which may be running beside it. */
export function demoFolder({ DATA_DIR: dataDir = '' }: NodeJS.ProcessEnv): string {
  return resolve(dataDir === '' ? '.data' : dataDir, 'graph')
}

/**
 * The environment of the demo's subgraph: the person's own, but for what the demo needs to be whole. It is served on loopback only,
 * and believes the key that signs the demo's tokens, even where DATABASE_URL names a database and a real issuer is configured.
 */
export async function demoEnvironment(
  env: NodeJS.ProcessEnv,
  { key, dataDir }: { readonly key: DevelopmentKey; readonly dataDir: string },
): Promise<NodeJS.ProcessEnv> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('JWT_')))
  return {
    ...own,
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    PORT: String(await freePort(Number(env['PORT'] ?? SUBGRAPH_PORT))),
    METRICS_PORT: '',
    ...(env['DATABASE_URL'] === undefined || env['DATABASE_URL'] === '' ? {} : believing(key)),
  }
}

/** With the embedded database the development key is believed unasked. */
function believing(key: DevelopmentKey): NodeJS.ProcessEnv {
  const { keys, issuer, audience } = developmentTrust(key)
  return {
    JWT_ISSUER: issuer,
    JWT_AUDIENCE: audience,
    ...('publicKey' in keys ? { JWT_PUBLIC_KEY: keys.publicKey } : {}),
  }
}
