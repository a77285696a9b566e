/** The part of the graph that is measured, in the words of the subgraph. */
export const typeDefs = /* GraphQL */ `
  type Query {
    viewer: User
  }
  type User @key(fields: "id") {
    id: ID!
    presence: Presence
    presenceAccess: PresenceAccess
  }
  type Presence {
    status: PresenceStatus!
    activity: PresenceActivity
    note: String
  }
  enum PresenceStatus {
    AVAILABLE
    BUSY
    DO_NOT_DISTURB
    BE_RIGHT_BACK
    AWAY
    IDLE
    OFFLINE
  }
  enum PresenceActivity {
    IN_A_CALL
    IN_A_CONFERENCE
    IN_A_MEETING
    PRESENTING
    OUT_OF_OFFICE
    OFF_WORK
  }
  enum PresenceAccess {
    NONE
    PENDING
    ALLOWED
  }
`
