/**
 * The signature algorithms that a deployment may trust. Only asymmetric ones: with HS* everybody who can verify a token
 * can make one, and a public key taken for a shared secret is the classic forgery.
 */
export const SIGNATURE_ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
] as const

export type SignatureAlgorithm = (typeof SIGNATURE_ALGORITHMS)[number]

/** Where the keys are that tokens must be signed with: the issuer's published set, or one public key (PEM, SPKI). */
export type TrustedKeys = { readonly jwksUri: string } | { readonly publicKey: string }

/** Names of nested claims, outermost first: `['realm_access', 'roles']`. Never empty. */
export type ClaimPath = readonly string[]

/** Which tokens are believed, and where in them the user and the roles stand. */
export type TokenTrust = {
  readonly keys: TrustedKeys
  readonly issuer: string
  readonly audience: string
  readonly algorithms: readonly SignatureAlgorithm[]
  readonly userClaim: ClaimPath
  readonly rolesClaim: ClaimPath
}
