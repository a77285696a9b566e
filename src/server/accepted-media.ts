/** Of one answer as JSON. The older one says nothing by its status: its clients take any but 200 for an answer that is not GraphQL's. */
export type AnswerType =
  'application/json; charset=utf-8' | 'application/graphql-response+json; charset=utf-8'

/** In which forms a client takes an answer. */
export type AcceptedMedia = {
  /** Only if it says so: whoever takes anything expects one answer and an end. */
  readonly eventStream: boolean
  /** Of an answer that is no stream, the one that the client names first; null if it takes none. */
  readonly answer: AnswerType | null
}

const JSON_TYPE = 'application/json; charset=utf-8'
const ANSWER_TYPES = new Map<string, AnswerType>([
  ['application/json', JSON_TYPE],
  ['application/graphql-response+json', 'application/graphql-response+json; charset=utf-8'],
  ['application/*', JSON_TYPE],
  ['*/*', JSON_TYPE],
])

/** Reads an Accept header. Clients list event streams on operations of any type, so the type of the operation decides with it. */
export function acceptedMedia(accept = '*/*'): AcceptedMedia {
  const ranges = accept.toLowerCase().split(',').map(rangeOf)
  const accepted = ranges.filter(({ excluded }) => !excluded).map(({ media }) => media)
  const answer = accepted.find((media) => ANSWER_TYPES.has(media))
  return {
    eventStream: accepted.includes('text/event-stream'),
    answer: answer === undefined ? null : (ANSWER_TYPES.get(answer) ?? null),
  }
}

/** The status of an answer to an operation that was not executed. */
export function statusWithoutData(type: AnswerType): 200 | 400 {
  return type === JSON_TYPE ? 200 : 400
}

function rangeOf(text: string): { readonly media: string; readonly excluded: boolean } {
  const [media = '', ...parameters] = text.split(';').map((part) => part.trim())
  return { media, excluded: parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
}
