import Negotiator from 'negotiator'

/** The forms in which a client takes an answer. */
export type AcceptedMedia = {
  /** Only if the client names it. A client that takes anything expects one answer and an end. */
  readonly eventStream: boolean
  /** True for every client that names no other form. */
  readonly json: boolean
  /** The type of an answer without errors; undefined if the client takes none that there is. */
  readonly answerType: string | undefined
}

const JSON_RANGES = ['application/json', 'application/graphql-response+json', 'application/*', '*/*']
/** The names that Apollo Server uses, in its order. A client that takes both gets the first. */
const ANSWER_TYPES = ['application/json; charset=utf-8', 'application/graphql-response+json; charset=utf-8']

/** Clients send a handful of headers all day, and reading one costs a noticeable part of a small request. */
const REMEMBERED = 100
const remembered = new Map<string, AcceptedMedia>()

/** Reads an Accept header. Clients list event streams on operations of any type, so the type of the operation decides with it. */
export function acceptedMedia(accept = '*/*'): AcceptedMedia {
  const known = remembered.get(accept)
  if (known !== undefined) return known
  const media = mediaIn(accept)
  if (remembered.size >= REMEMBERED) remembered.clear()
  remembered.set(accept, media)
  return media
}

function mediaIn(accept: string): AcceptedMedia {
  const ranges = accept.toLowerCase().split(',').map(rangeOf)
  const accepted = ranges.filter(({ excluded }) => !excluded).map(({ media }) => media)
  return {
    eventStream: accepted.includes('text/event-stream'),
    json: JSON_RANGES.some((media) => accepted.includes(media)),
    answerType: new Negotiator({ headers: { accept } }).mediaType(ANSWER_TYPES),
  }
}

function rangeOf(text: string): { readonly media: string; readonly excluded: boolean } {
  const [media = '', ...parameters] = text.split(';').map((part) => part.trim())
  return { media, excluded: parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
}
