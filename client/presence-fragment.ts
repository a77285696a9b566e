/**
 * What a page shows of a presence, always all of it. Use it in every document of your page that selects a presence: a normalised cache that has been
 * given two different selections of one presence loses the one or mixes them (docs/gateways.md, "Apollo Client's cache").
 */
export const PRESENCE_FIELDS = /* GraphQL */ `
  fragment PresenceFields on Presence {
    status
    activity
    note
  }
`
