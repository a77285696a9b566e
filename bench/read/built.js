/**
 * What every variant takes of the service as it is built, so that all of them believe the same tokens for as long, and decide by the one
 * function. In plain JavaScript, as all that is measured.
 */
const built = new URL('../../dist/src/', import.meta.url)

export const load = (file) => import(new URL(file, built).href)

const { readConfig } = await load('config.js')
const { createTokenVerifier } = await load('identity/token-verifier.js')
const { bearerToken } = await load('identity/bearer-token.js')
const { whatIsSeen } = await load('application/what-is-seen.js')
const { pageOfContacts } = await load('domain/contact-list.js')

export const config = readConfig(process.env)
export const policy = config.privacy
export { whatIsSeen, pageOfContacts }

const verifier = createTokenVerifier(config.identity.trust)

/** The id of the user whom the header's token speaks of; throws for any other token. */
export async function viewerOf(authorizationHeader) {
  const identity = await verifier.verify(bearerToken({ authorizationHeader }))
  if ('reason' in identity) throw new Error(`nobody is asking: ${identity.reason}`)
  return identity.userId
}

/** Says over IPC where a server listens; it ends when whoever started it lets go. */
export function listening(server, path = '/graphql') {
  process.send({ url: `http://127.0.0.1:${server.address().port}${path}` })
}
process.on('disconnect', () => process.exit(0))
