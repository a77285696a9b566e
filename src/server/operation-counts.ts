import {
  getOperationAST,
  Kind,
  type DocumentNode,
  type FragmentSpreadNode,
  type InlineFragmentNode,
  type OperationTypeNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import { tally, type Metric } from './metric.ts'

export type Transport = 'http' | 'sse' | 'websocket'

/** Counts operations that run and operations that are refused, over all transports. */
export type OperationCounts = {
  /** An operation has passed the gate and is executed. */
  readonly began: (transport: Transport, type: OperationTypeNode) => void
  /** A client is told of an error by its code. */
  readonly told: (transport: Transport, code: string) => void
  /** A subscription is open, until the returned function is called. */
  readonly opened: (transport: Transport, subscription: NamedSubscription) => () => void
  readonly metrics: readonly Metric[]
}

type NamedSubscription = { readonly document: DocumentNode; readonly operationName: string | null }

export function countOperations(): OperationCounts {
  const operations = tally<'transport' | 'type'>()
  const errors = tally<'transport' | 'code'>()
  const subscriptions = tally<'transport' | 'field'>()

  return {
    began: (transport, type) => operations.add({ transport, type }),
    told: (transport, code) => errors.add({ transport, code }),
    opened(transport, subscription) {
      const labels = { transport, field: rootFieldOf(subscription) }
      subscriptions.add(labels)
      return () => subscriptions.add(labels, -1)
    },
    metrics: [
      {
        name: 'operations_total',
        help: 'Operations that were executed, by transport and type.',
        type: 'counter',
        labels: ['transport', 'type'],
        read: operations.samples,
      },
      {
        name: 'errors_total',
        help: 'Errors that clients were told of, by transport and code.',
        type: 'counter',
        labels: ['transport', 'code'],
        read: errors.samples,
      },
      {
        name: 'subscriptions',
        help: 'Subscriptions that are open, by transport and field of the schema.',
        type: 'gauge',
        labels: ['transport', 'field'],
        read: subscriptions.samples,
      },
    ],
  }
}

/** A subscription that the gate has admitted has one, and the schema knows it; its name and aliases are the client's. */
function rootFieldOf({ document, operationName }: NamedSubscription): string {
  const fragments = new Map<string, SelectionSetNode>(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition.selectionSet]] : [],
    ),
  )
  const selectionSetOf = (spread: InlineFragmentNode | FragmentSpreadNode) =>
    spread.kind === Kind.INLINE_FRAGMENT ? spread.selectionSet : fragments.get(spread.name.value)
  let selection: SelectionNode | undefined = getOperationAST(document, operationName)?.selectionSet
    .selections[0]
  while (selection !== undefined && selection.kind !== Kind.FIELD) {
    selection = selectionSetOf(selection)?.selections[0]
  }
  return selection?.name.value ?? 'unknown'
}
