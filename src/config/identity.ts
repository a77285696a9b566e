import type { Config } from '../config.ts'
import type { TrustedKeys } from '../identity/token-trust.ts'
import type { Settings } from './settings.ts'

/** How tokens are verified. `config.ts` has refused settings that contradict each other. */
export function identityIn(values: Settings): Config['identity'] {
  const { JWT_ISSUER: issuer, JWT_AUDIENCE: audience } = values
  const keys = trustedKeys(values)
  if (keys === undefined) return { source: 'development-key' }
  if (issuer === undefined || audience === undefined)
    throw new Error('a key without issuer and audience went unnoticed')
  return {
    source: 'configured',
    trust: {
      keys,
      issuer,
      audience,
      algorithms: values.JWT_ALGORITHMS,
      userClaim: values.JWT_USER_CLAIM,
      rolesClaim: values.JWT_ROLES_CLAIM,
    },
  }
}

function trustedKeys({
  JWT_JWKS_URI: jwksUri,
  JWT_PUBLIC_KEY: publicKey,
}: Settings): TrustedKeys | undefined {
  if (jwksUri !== undefined) return { jwksUri }
  return publicKey === undefined ? undefined : { publicKey: publicKey.pem }
}
