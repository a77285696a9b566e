/** How late something due is found, at most: far below the second in which a stream must tell. */
const BUCKET_MS = 250

/** Things that are due once, each at one time at most; thousands of them cost one number each, and no timer of their own. */
export type DueTimes<Thing> = {
  /** Replaces the time that was set for it before; null is never. */
  readonly set: (thing: Thing, at: number | null) => void
  /** The same, unless it is due before that. */
  readonly sooner: (thing: Thing, at: number | null) => void
  /** Takes out whatever is due by now. */
  readonly take: (now: number) => Iterable<Thing>
  readonly size: () => number
}

export function dueTimes<Thing>(): DueTimes<Thing> {
  const bucketOf = new Map<Thing, number>()
  const buckets = new Map<number, Set<Thing>>()

  const remove = (thing: Thing): void => {
    const before = bucketOf.get(thing)
    if (before === undefined) return
    bucketOf.delete(thing)
    const bucket = buckets.get(before)
    bucket?.delete(thing)
    if (bucket?.size === 0) buckets.delete(before)
  }

  const put = (thing: Thing, bucket: number): void => {
    bucketOf.set(thing, bucket)
    const things = buckets.get(bucket)
    if (things === undefined) buckets.set(bucket, new Set([thing]))
    else things.add(thing)
  }

  return {
    set(thing, at) {
      remove(thing)
      if (at !== null) put(thing, bucketAt(at))
    },

    sooner(thing, at) {
      if (at === null || bucketAt(at) >= (bucketOf.get(thing) ?? Infinity)) return
      remove(thing)
      put(thing, bucketAt(at))
    },

    *take(now) {
      for (const [bucket, things] of [...buckets]) {
        if (bucket * BUCKET_MS > now) continue
        for (const thing of [...things]) {
          remove(thing)
          yield thing
        }
      }
    },

    size: () => bucketOf.size,
  }
}

function bucketAt(at: number): number {
  return Math.ceil(at / BUCKET_MS)
}
