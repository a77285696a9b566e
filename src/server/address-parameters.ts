/** Node hands over each byte beyond ASCII as a character of its own. */
const BEYOND_ASCII = /[^\x21-\x7e]/

/**
 * The parameters in the search of an address; undefined if one of them comes twice, or is not UTF-8 in percent-encoding. Fastify leaves what
 * it cannot decode as it stands, so that two addresses would name one user.
 */
export function parametersIn(address: string): Readonly<Record<string, string>> | undefined {
  if (BEYOND_ASCII.test(address)) return undefined
  const [, ...search] = address.split('?')
  const parameters = new Map<string, string>()
  try {
    for (const pair of search.join('?').split('&')) {
      const [name = '', ...value] = pair.split('=')
      const decodedName = decoded(name)
      if (parameters.has(decodedName)) return undefined
      parameters.set(decodedName, decoded(value.join('=')))
    }
  } catch (error) {
    if (error instanceof URIError) return undefined
    throw error
  }
  return Object.fromEntries(parameters)
}

function decoded(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '))
}
