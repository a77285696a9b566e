import { GraphQLError } from 'graphql'
import type { UserId } from '../domain/user-id.ts'

/** The open subscriptions of each user on this instance, over all sockets and transports. */
export type SubscriptionLimit = {
  /** Takes a place for a subscription of this weight. Returns how to give it back, or the error for the client if the user has no room for it. */
  readonly take: (user: UserId, weight: number) => (() => void) | GraphQLError
  /** The weight of all subscriptions of the user that are open. */
  readonly weightOf: (user: UserId) => number
}

/**
 * Bounds what one user makes the instance keep, and what it must decide at once: all streams of one user are decided together
 * (docs/adr/0012-one-watcher-one-step.md).
 */
export function limitSubscriptions({
  maxPerUser,
  maxWeightPerUser,
}: {
  readonly maxPerUser: number
  readonly maxWeightPerUser: number
}): SubscriptionLimit {
  const taken = new Map<UserId, { count: number; weight: number }>()

  return {
    take(user, weight) {
      const places = taken.get(user) ?? { count: 0, weight: 0 }
      if (places.count >= maxPerUser)
        return refused(`At most ${maxPerUser} subscriptions of one user run at once.`)
      if (places.weight + weight > maxWeightPerUser) {
        return refused(
          `The open subscriptions of one user may weigh ${maxWeightPerUser} together; these weigh ${places.weight}, and this one ${weight}.`,
        )
      }
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

function refused(limit: string): GraphQLError {
  return new GraphQLError(`${limit} Complete those that nobody looks at any more, then subscribe again.`, {
    extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' },
  })
}
