import type { Address } from '../load/crowd.ts'
import type { Scene } from '../scene.ts'

/** What is compared. */
export const VARIANTS = ['subgraph', 'before', 'subgraph of two', 'stock', 'ejabberd', 'bare'] as const
export type VariantName = (typeof VARIANTS)[number]

export type RunningVariant = {
  readonly name: VariantName
  readonly address: Address
  /** Of all its processes so far, in microseconds. */
  readonly processorTime: () => Promise<number>
  readonly stop: () => Promise<void>
}

/** Null if it is not to be had on this machine. */
export type StartVariant = (scene: Scene) => Promise<RunningVariant | null>
