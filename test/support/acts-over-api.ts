import { askGraphQL } from './post-graphql.ts'

/** What one user does over the API of one server. */
export function actsOverApi({ url }: { readonly url: string }, token: string) {
  const act = (mutation: string, input: object): Promise<unknown> =>
    askGraphQL(url, { query: mutation, variables: { input }, token })

  return {
    publish: (status: string, said: { activity?: string; note?: string; leaseSeconds?: number } = {}) =>
      act('mutation ($input: PublishPresenceInput!) { publishPresence(input: $input) { session { id } } }', {
        sessionId: 'desk',
        status,
        ...said,
      }),
    disconnect: () =>
      act('mutation ($input: EndPresenceSessionInput!) { endPresenceSession(input: $input) { ended } }', {
        sessionId: 'desk',
      }),
    appearOffline: (appearOffline: boolean) =>
      act(
        'mutation ($input: SetPresencePreferenceInput!) { setPresencePreference(input: $input) { refused { reason } } }',
        { appearOffline },
      ),
    decide: (watcher: string, decision: 'ALLOWED' | 'BLOCKED', endsAt?: Date) =>
      act(
        'mutation ($input: DecidePresenceAccessInput!) { decidePresenceAccess(input: $input) { results { decision } } }',
        { userIds: [watcher], decision, endsAt: endsAt?.toISOString() },
      ),
    forget: (watcher: string) =>
      act(
        'mutation ($input: DeletePresenceDecisionsInput!) { deletePresenceDecisions(input: $input) { results { decision } } }',
        { userIds: [watcher] },
      ),
    addContacts: (...userIds: string[]) =>
      act(
        'mutation ($input: AddPresenceContactsInput!) { addPresenceContacts(input: $input) { results { outcome } } }',
        { userIds },
      ),
    removeContacts: (...userIds: string[]) =>
      act(
        'mutation ($input: RemovePresenceContactsInput!) { removePresenceContacts(input: $input) { results { outcome } } }',
        { userIds },
      ),
    /** With the role `administrator`. */
    assignClass: (className: string, userId: string) =>
      act(
        'mutation ($input: AssignPresenceClassOfServiceInput!) { assignPresenceClassOfService(input: $input) { outcome } }',
        { className, userIds: [userId] },
      ),
    /** With the role `administrator`. */
    createClass: (name: string, invitationHandling: string) =>
      act(
        'mutation ($input: CreatePresenceClassOfServiceInput!) { createPresenceClassOfService(input: $input) { outcome } }',
        { name, invitationHandling },
      ),
    /** With the role `administrator`. */
    updateClass: (name: string, changes: object) =>
      act(
        'mutation ($input: UpdatePresenceClassOfServiceInput!) { updatePresenceClassOfService(input: $input) { outcome } }',
        { name, ...changes },
      ),
    /** With the role `administrator`. */
    erase: (userId: string) =>
      act(
        'mutation ($input: ErasePresenceUserInput!) { erasePresenceUser(input: $input) { erasedUserId } }',
        {
          userId,
        },
      ),
  }
}
