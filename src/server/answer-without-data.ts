const RESPONSE_TYPE = 'application/graphql-response+json'

/**
 * How GraphQL over HTTP sends the errors of an operation that was not executed. A client of the older media type takes any status
 * but 200 for an answer that is not GraphQL's.
 */
export function answerWithoutData(accept = ''): { readonly status: number; readonly mediaType: string } {
  return accept.includes(RESPONSE_TYPE)
    ? { status: 400, mediaType: `${RESPONSE_TYPE}; charset=utf-8` }
    : { status: 200, mediaType: 'application/json; charset=utf-8' }
}
