import { GraphQLError } from 'graphql'
import type { UserId } from '../domain/user-id.ts'

/** How many subscriptions each user has on this instance, over whichever sockets and transports. */
export type SubscriptionLimit = {
  /** Takes one of the user's places. Returns how to give it back, or what to tell the client when none is free. */
  readonly take: (user: UserId) => (() => void) | GraphQLError
}

/** Without one, a user who opens sockets enough holds memory without end: the limit of operations is that of one socket. */
export function limitSubscriptions(maxPerUser: number): SubscriptionLimit {
  const taken = new Map<UserId, number>()

  const giveBack = (user: UserId): void => {
    const left = (taken.get(user) ?? 0) - 1
    if (left > 0) taken.set(user, left)
    else taken.delete(user)
  }

  return {
    take(user) {
      const count = taken.get(user) ?? 0
      if (count >= maxPerUser) return tooManySubscriptions(maxPerUser)
      taken.set(user, count + 1)
      let given = false
      return () => {
        if (given) return
        given = true
        giveBack(user)
      }
    },
  }
}

function tooManySubscriptions(maxPerUser: number): GraphQLError {
  return new GraphQLError(
    `At most ${maxPerUser} subscriptions of one user run at once. Complete those that nobody looks at any more, then subscribe again.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } },
  )
}
