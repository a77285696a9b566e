/** In which forms a client takes an answer. */
export type AcceptedMedia = {
  /** Only if it says so: whoever takes anything expects one answer and an end. */
  readonly eventStream: boolean
  /** As every client does that says nothing else. */
  readonly json: boolean
}

const JSON_RANGES = ['application/json', 'application/graphql-response+json', 'application/*', '*/*']

/** Reads an Accept header. Clients list event streams on operations of any type, so the type of the operation decides with it. */
export function acceptedMedia(accept = '*/*'): AcceptedMedia {
  const ranges = accept.toLowerCase().split(',').map(rangeOf)
  const accepted = ranges.filter(({ excluded }) => !excluded).map(({ media }) => media)
  return {
    eventStream: accepted.includes('text/event-stream'),
    json: JSON_RANGES.some((media) => accepted.includes(media)),
  }
}

function rangeOf(text: string): { readonly media: string; readonly excluded: boolean } {
  const [media = '', ...parameters] = text.split(';').map((part) => part.trim())
  return { media, excluded: parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter)) }
}
