import type { Spread } from '../spread.ts'
import type { Figures } from './figures.ts'
import type { IdleSockets } from './idle-sockets.ts'
import { nameOf } from './figures.ts'
import type { VariantName } from './variants/variant.ts'

export type Target = {
  readonly target: string
  readonly unit: 'times' | 'us' | 'ms' | 'bytes' | 'sockets'
  /** NaN, which JSON writes as null, where what it is compared with is not to be had. */
  readonly figure: number
  readonly atMost: number
  readonly met: boolean | null
}

export type Measured = {
  readonly variants: Figures
  /** From the notification to the last of 50 watchers. */
  readonly deliveryAlone: Spread
  /** From the acknowledgement of a block to the watcher's "offline" at another instance. */
  readonly revocation: Spread
  readonly notify: Spread
  /** Of one row, by hand: what durability takes on this disk. */
  readonly commit: Spread
  readonly idle: IdleSockets
}

const KIB = 1024

export function targetsOf({
  variants,
  deliveryAlone,
  revocation,
  notify,
  idle,
}: Measured): readonly Target[] {
  const perDelivery = (variant: VariantName, outstanding: number): number =>
    variants.get(variant)?.perDelivery[String(outstanding)] ?? NaN
  const ratio = (other: VariantName, outstanding: number): number =>
    perDelivery('subgraph', outstanding) / perDelivery(other, outstanding)
  const durable = variants.get('subgraph')?.perChange[nameOf({ publishers: 'quiet', outstanding: 1 })] ?? NaN
  const toLast = (variant: VariantName): number => variants.get(variant)?.toLastOfFewMs.p50 ?? NaN
  return [
    target('CPU of a delivery, to that of the commit before', 'times', ratio('before', 1), 1.1),
    target(
      'CPU of a delivery in bursts of 16, to that of the commit before',
      'times',
      ratio('before', 16),
      1.1,
    ),
    target('CPU of a delivery, to that of ejabberd', 'times', ratio('ejabberd', 1), 1 / 3),
    target('CPU of a delivery, to that of graphql-ws + pubsub', 'times', ratio('stock', 1), 1 / 5),
    target('CPU of a delivery in bursts of 16, to that of ejabberd', 'times', ratio('ejabberd', 16), 1 / 6),
    target('CPU of a delivery, to that of a bare broadcast', 'times', ratio('bare', 1), 3),
    target('CPU of a delivery in bursts of 16, to that of a bare broadcast', 'times', ratio('bare', 16), 3),
    target('CPU of a durable publish that nobody watches, node and PostgreSQL', 'us', durable, 1000),
    target(
      'publish to last of 50 watchers, p50, to that of ejabberd',
      'times',
      toLast('subgraph') / toLast('ejabberd'),
      1,
    ),
    target(
      'delivery alone to last of 50, p50, to publish to last of ejabberd',
      'times',
      deliveryAlone.p50 / toLast('ejabberd'),
      1 / 3,
    ),
    target(
      'block to offline at another instance, p99, to p50 of a bare NOTIFY',
      'times',
      revocation.p99 / notify.p50,
      5,
    ),
    target(
      'heap of an idle socket with both subscriptions',
      'bytes',
      idle.watching.heapUsed + idle.watching.external,
      15 * KIB,
    ),
    target('RSS of an idle socket with both subscriptions', 'bytes', idle.watching.rss, 15 * KIB),
    target(`lost of ${idle.storm.sockets} that reconnect at once`, 'sockets', idle.storm.lost, 0),
  ]
}

function target(name: string, unit: Target['unit'], figure: number, atMost: number): Target {
  return { target: name, unit, figure, atMost, met: Number.isNaN(figure) ? null : figure <= atMost }
}
