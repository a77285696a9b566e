import { MessageType, parseMessage, type CompleteMessage, type SubscribeMessage } from 'graphql-ws'

/** An operation, from its first message until nothing of it is worked on any more. */
export type Running = {
  /** Its client wants no more of it; a mutation runs on. */
  completed: boolean
  /** What the client has sent under the same id since: it begins when this one has ended. */
  next: string | undefined
}

/**
 * Works on the messages of one client so that no operation begins before the one that had its id has ended. graphql-ws knows
 * operations by their ids, and forgets one at its `complete`: of two with one id it would take either for the other, and lose a
 * stream, which nothing would end from then on, not even the close of its socket.
 */
export function inTurn(
  work: (message: string) => Promise<void>,
  running: Map<string, Running>,
): (message: string) => Promise<void> {
  const begin = async (id: string, message: string): Promise<void> => {
    const operation: Running = { completed: false, next: undefined }
    running.set(id, operation)
    try {
      await work(message)
    } finally {
      running.delete(id)
    }
    if (operation.next !== undefined) await begin(id, operation.next)
  }

  return (message) => {
    const about = aboutOperation(message)
    if (about === undefined) return work(message)
    const operation = running.get(about.id)
    if (about.type === MessageType.Complete) {
      if (operation !== undefined) Object.assign(operation, { completed: true, next: undefined })
      return work(message)
    }
    if (operation === undefined) return begin(about.id, message)
    // Two at once: graphql-ws closes the socket.
    if (!operation.completed) return work(message)
    operation.next = message
    return Promise.resolve()
  }
}

function aboutOperation(text: string): SubscribeMessage | CompleteMessage | undefined {
  try {
    const message = parseMessage(text)
    return message.type === MessageType.Subscribe || message.type === MessageType.Complete
      ? message
      : undefined
  } catch {
    // graphql-ws closes the socket.
    return undefined
  }
}
