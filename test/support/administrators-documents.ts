export const CREATE_CLASS = /* GraphQL */ `
  mutation ($input: CreatePresenceClassOfServiceInput!) {
    createPresenceClassOfService(input: $input) {
      outcome
      classOfService {
        name
        invitationHandling
        pendingShown
        appearOfflineAllowed
        maxContacts
        requestsPerMinute
        requestsPerDay
        requestLifetimeSeconds
        requestCooldownSeconds
      }
    }
  }
`
export const UPDATE_CLASS = /* GraphQL */ `
  mutation ($input: UpdatePresenceClassOfServiceInput!) {
    updatePresenceClassOfService(input: $input) {
      outcome
      classOfService {
        name
        maxContacts
        appearOfflineAllowed
      }
    }
  }
`
export const ASSIGN_CLASS = /* GraphQL */ `
  mutation ($input: AssignPresenceClassOfServiceInput!) {
    assignPresenceClassOfService(input: $input) {
      outcome
      users {
        user {
          id
        }
        classOfService {
          name
        }
      }
    }
  }
`
export const SET_PRESENCE_SERVER = /* GraphQL */ `
  mutation ($input: SetPresenceServerInput!) {
    setPresenceServer(input: $input) {
      users {
        user {
          id
        }
        presenceServer
        effectivePresenceServer
      }
    }
  }
`
export const SET_SITE = /* GraphQL */ `
  mutation ($input: SetPresenceSiteSettingsInput!) {
    setPresenceSiteSettings(input: $input) {
      site {
        presenceServer
      }
    }
  }
`
