import { GraphQLError } from 'graphql'
import type { UserId } from '../domain/user-id.ts'

/** How many subscriptions each user has on this instance, over whichever sockets and transports. */
export type SubscriptionLimit = {
  /**
   * Takes one of the user's places for a subscription of this weight. Returns how to give it back, or what to tell the client when none is
   * free.
   */
  readonly take: (user: UserId, weight: number) => (() => void) | GraphQLError
  /** The weight of all subscriptions of the user that are open. */
  readonly weightOf: (user: UserId) => number
}

/** Without one, a user who opens sockets enough holds memory without end: the limit of operations is that of one socket. */
export function limitSubscriptions(maxPerUser: number): SubscriptionLimit {
  const taken = new Map<UserId, { count: number; weight: number }>()

  return {
    take(user, weight) {
      const places = taken.get(user) ?? { count: 0, weight: 0 }
      if (places.count >= maxPerUser) return tooManySubscriptions(maxPerUser)
      places.count += 1
      places.weight += weight
      taken.set(user, places)
      let given = false
      return () => {
        if (given) return
        given = true
        places.count -= 1
        places.weight -= weight
        if (places.count === 0) taken.delete(user)
      }
    },
    weightOf: (user) => taken.get(user)?.weight ?? 0,
  }
}

function tooManySubscriptions(maxPerUser: number): GraphQLError {
  return new GraphQLError(
    `At most ${maxPerUser} subscriptions of one user run at once. Complete those that nobody looks at any more, then subscribe again.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } },
  )
}
