import { asciiJson, type AsciiJson } from './graphql-transport-ws/ascii-json.ts'

/** What the server fills in for each stream alone. */
type Place = 'streamId' | 'sequence'

/** A payload that streams share but for their names and numbers, which stand between its parts. */
export type NumberedPayload = {
  readonly parts: readonly AsciiJson[]
  /** One fewer than parts. */
  readonly places: readonly Place[]
}

/** Stands for a stream that does not exist. Results that several streams share have it in the places that each stream fills in. */
export const NO_STREAM = { streamId: 'a place for the name', sequence: 0 } as const

/** The response keys of an event under which `NO_STREAM` was found. */
export type Places = ReadonlyMap<string, Place>

export function placesIn(event: object): Places {
  return new Map(
    Object.entries(event).flatMap(([key, value]): [string, Place][] => {
      if (value === NO_STREAM.streamId) return [[key, 'streamId']]
      return value === NO_STREAM.sequence ? [[key, 'sequence']] : []
    }),
  )
}

/** `{"data":{"<field>":{…}}}`, cut at these places. */
export function numberedPayload(field: string, event: object, at: Places): NumberedPayload {
  const parts: AsciiJson[] = []
  const places: Place[] = []
  let text = `{"data":{${asciiJson(field)}:{`
  let comma = ''
  for (const [key, value] of Object.entries(event) as [string, object | string][]) {
    text += `${comma}${asciiJson(key)}:`
    comma = ','
    const place = at.get(key)
    if (place === undefined) text += asciiJson(value)
    else {
      parts.push(text as AsciiJson)
      places.push(place)
      text = ''
    }
  }
  parts.push(`${text}}}}` as AsciiJson)
  return { parts, places }
}

/** The payload of one stream. */
export function filledIn(
  { parts, places }: NumberedPayload,
  { streamId, sequence }: { readonly streamId: string; readonly sequence: number },
): AsciiJson {
  let text: string = parts[0] ?? ''
  for (let next = 0; next < places.length; next += 1)
    text += (places[next] === 'sequence' ? String(sequence) : `"${streamId}"`) + (parts[next + 1] ?? '')
  return text as AsciiJson
}
