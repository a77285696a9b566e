import { developmentTrust, type DevelopmentKey } from '../src/identity/development-key.ts'
import { freePort } from './free-port.ts'

const SUBGRAPH_PORT = 4001

/**
 * The environment of the demo's subgraph: the person's own, but for what the demo needs to be whole. It is served on loopback only,
 * and believes the key that signs the demo's tokens, even where DATABASE_URL names a database and a real issuer is configured.
 */
export async function demoEnvironment(
  env: NodeJS.ProcessEnv,
  key: DevelopmentKey,
): Promise<NodeJS.ProcessEnv> {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('JWT_')))
  return {
    ...own,
    NODE_ENV: 'development',
    HOST: '127.0.0.1',
    PORT: env['PORT'] ?? String(await freePort(SUBGRAPH_PORT)),
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
