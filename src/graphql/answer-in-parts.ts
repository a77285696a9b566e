import { setImmediate as nextTurn } from 'node:timers/promises'

/** Values of one answer that are completed in one turn of the event loop. */
const IN_PART = 3000

type Turns = {
  /** When the part that is being filled may be completed. */
  begun: Promise<void>
  /** Values for which it has room. */
  room: number
}

const turnsOf = new WeakMap<object, Turns>()

/**
 * The entries of a list as promises, so that an answer is completed a part after the other and others are served in between. All lists of
 * the answer fill the same parts: many small lists take as long as one large list does. `answer` is the context of its execution.
 */
export function inParts(
  answer: object,
  { list, valuesOfEach }: { readonly list: readonly unknown[]; readonly valuesOfEach: number },
): readonly Promise<unknown>[] {
  const turns = turnsFor(answer)
  return list.map((entry) => {
    if (turns.room <= 0) {
      turns.begun = turns.begun.then(() => nextTurn())
      turns.room = IN_PART
    }
    turns.room -= valuesOfEach
    return turns.begun.then(() => entry)
  })
}

function turnsFor(answer: object): Turns {
  const known = turnsOf.get(answer)
  if (known !== undefined) return known
  const turns = { begun: Promise.resolve(), room: 0 }
  turnsOf.set(answer, turns)
  return turns
}
