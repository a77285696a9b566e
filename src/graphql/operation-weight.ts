import { getOperationAST, type DocumentNode, type GraphQLSchema } from 'graphql'
import { MAX_ADMINISTERED } from './administration-mutations.ts'
import { entriesIn, itemsIn } from './sizes-in-values.ts'
import { planOf, type Plan } from './weight-plan.ts'
import {
  CHARACTERS_IN_ONE,
  CHARACTERS_OF_SMALL,
  JSON_CHARACTERS_IN_ONE,
  MOST_OF_DOCUMENT,
  OPERATION,
  PARTS_IN_ONE,
  PARTS_OF_SMALL,
} from './weights.ts'

type Variables = Readonly<Record<string, unknown>> | null

export type OperationWeight = {
  readonly weight: number
  /**
   * Whether the operation may change what its caller is shown of many users. The server then decides all open streams of the caller again,
   * which weighs as much as these streams do.
   */
  readonly movesOwnStreams: boolean
}

type Weighed = {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Variables
}

/** The weight of parsing and validating a document. `operationWeight` gives the rest. */
export function documentWeight(source: string): number {
  return Math.min(Math.ceil(source.length / CHARACTERS_IN_ONE), MOST_OF_DOCUMENT)
}

/** The weight of parsing a JSON text from a client; 0 for a small one. `parts` are its texts, objects and lists. */
export function jsonWeight(parts: number, characters: number): number {
  if (parts <= PARTS_OF_SMALL && characters <= CHARACTERS_OF_SMALL) return 0
  return Math.ceil(parts / PARTS_IN_ONE + characters / JSON_CHARACTERS_IN_ONE)
}

/** The weight of a request or a message that holds no operation. */
export const WITHOUT_OPERATION = OPERATION

/**
 * The weight of an operation without the text of its document. It follows from the document and the variables, and from nothing else. The gate
 * has admitted the document, so its fragments do not go in circles.
 */
export function operationWeight(
  schema: GraphQLSchema,
  { maxRepresentations }: { readonly maxRepresentations: number },
): (operation: Weighed) => OperationWeight {
  // Longer lists are refused before anything is done about them.
  const mostItems = Math.max(maxRepresentations, MAX_ADMINISTERED)
  const byDocument = new WeakMap<DocumentNode, Map<string | null, Plan>>()

  const planFor = (document: DocumentNode, operationName: string | null): Plan => {
    let plans = byDocument.get(document)
    if (plans === undefined) byDocument.set(document, (plans = new Map<string | null, Plan>()))
    let plan = plans.get(operationName)
    if (plan !== undefined) return plan
    const operation = getOperationAST(document, operationName)
    // A name that the document does not have is refused later at little cost. No plan is kept for it.
    if (!operation) return OF_NOTHING
    plan = planOf(schema, { document, operation, mostItems })
    plans.set(operationName, plan)
    return plan
  }

  return ({ document, operationName, variables }) => {
    const { constant, variables: weights, movesOwnStreams } = planFor(document, operationName)
    let weight = constant
    for (const [name, { absent, eachItem, eachEntry, followed }] of weights) {
      if (variables === null || !Object.hasOwn(variables, name)) {
        weight += absent
        continue
      }
      const value = variables[name]
      if (eachItem > 0) weight += eachItem * itemsIn(value, mostItems)
      if (eachEntry > 0) weight += eachEntry * entriesIn(value)
      if (value === null) weight += followed
    }
    return { weight: Math.ceil(weight), movesOwnStreams }
  }
}

const OF_NOTHING: Plan = { constant: OPERATION, variables: new Map(), movesOwnStreams: false }
