/** What becomes of a request: PROMPT asks the user in a popup, AUTO_ACCEPT allows at once and leaves a notice. */
export type InvitationHandling = 'PROMPT' | 'AUTO_ACCEPT'

/** What a class of service says of it; USER_DEFINED leaves it to each user. */
export type ClassInvitationHandling = InvitationHandling | 'USER_DEFINED'

/** What counts for a user: the class of service outranks the user's own setting. */
export function effectiveHandling(handling: {
  readonly own: InvitationHandling
  readonly ofClass: ClassInvitationHandling
}): InvitationHandling {
  return handling.ofClass === 'USER_DEFINED' ? handling.own : handling.ofClass
}
