import type { ClassOfService } from '../domain/class-of-service.ts'
import type { PresenceServer } from '../domain/disclosure.ts'
import type { Pair } from '../domain/pair.ts'
import type { PresenceSession, PresenceSource } from '../domain/presence.ts'
import type { UserId } from '../domain/user-id.ts'

/** What of the facts decides what is seen. All facts are that, too; nearly all looks need no more. */
export type SightFacts = {
  readonly now: number
  readonly watcherClass: Pick<ClassOfService, 'invitationHandling'>
  /** Of whom nothing is stored may be here or not. */
  readonly presentities: ReadonlyMap<UserId, SightOfPresentity>
}

export type SightOfPresentity = {
  readonly user: {
    readonly preference: Pick<PresenceSource, 'appearOffline' | 'manual'>
    readonly presenceServer: PresenceServer
    readonly classOfService: Pick<ClassOfService, 'pendingShown' | 'appearOfflineAllowed'>
    readonly appearOfflineForbiddenAt: PresenceSource['appearOfflineForbiddenAt']
  }
  readonly pair: Pick<Pair, 'edge' | 'view' | 'contactSince' | 'watcherBlocksFrom'>
  /** Some of them may have ended. Read where they are needed alone, and once: they may be read from text only then. */
  readonly sessions: readonly PresenceSession[]
}
