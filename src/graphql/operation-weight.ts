import {
  getNamedType,
  getOperationAST,
  isObjectType,
  Kind,
  OperationTypeNode,
  visit,
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql'
import {
  CHANGE,
  CHANGED,
  CHANGED_OTHERWISE,
  CHARACTERS_IN_ONE,
  CONTACT_LIST,
  FIELDS_IN_ONE,
  MORE_OF_EACH,
  MOST_OF_DOCUMENT,
  MUCH,
  OF_SESSIONS,
  OPERATION,
  PAGE,
  PAIR,
  PAIRS,
  USUAL_FIELDS,
} from './weights.ts'

const FOLLOWS_CONTACTS = 'presenceUpdates'

type Variables = Readonly<Record<string, unknown>> | null

/** What the weight of an operation follows from, once its document is known. */
type Plan = {
  readonly constant: number
  /** Variables that hold lists of users or items, and what each of those weighs. */
  readonly lists: ReadonlyMap<string, number>
  /** Variables that hold the size of a page, and what each entry weighs. */
  readonly pages: ReadonlyMap<string, number>
  /** Variables that follow the contact list while they are null, and whether they have a default that is not. */
  readonly followed: ReadonlyMap<string, boolean>
  readonly movesOwnStreams: boolean
}

export type OperationWeight = {
  readonly weight: number
  /**
   * Whether it may change what its caller is shown of many: then all of the caller's open streams are decided anew, which weighs as much as
   * they do.
   */
  readonly movesOwnStreams: boolean
}

type Weighed = {
  readonly document: DocumentNode
  readonly operationName: string | null
  readonly variables: Variables
}

/** What it weighs to parse and validate a document; `operationWeight` says the rest. */
export function documentWeight(source: string): number {
  return Math.min(Math.ceil(source.length / CHARACTERS_IN_ONE), MOST_OF_DOCUMENT)
}

/**
 * What an operation weighs, apart from its document: it follows from its document and its variables, and from nothing else. Documents have been admitted, so that
 * their fragments do not go in circles.
 */
export function operationWeight(schema: GraphQLSchema): (operation: Weighed) => OperationWeight {
  const byDocument = new WeakMap<DocumentNode, Map<string | null, Plan>>()

  const planOf = (document: DocumentNode, operationName: string | null): Plan => {
    let plans = byDocument.get(document)
    if (plans === undefined) byDocument.set(document, (plans = new Map<string | null, Plan>()))
    let plan = plans.get(operationName)
    if (plan !== undefined) return plan
    const operation = getOperationAST(document, operationName)
    // Nothing is kept of names that the document does not have: they are refused later, and cheap.
    if (!operation) return OF_NOTHING
    plan = new Planner(schema, document, operation).plan()
    plans.set(operationName, plan)
    return plan
  }

  return ({ document, operationName, variables }) => {
    const { constant, lists, pages, followed, movesOwnStreams } = planOf(document, operationName)
    let weight = constant
    for (const [name, each] of lists) weight += each * itemsIn(variables?.[name])
    for (const [name, each] of pages) weight += each * entriesIn(variables?.[name])
    for (const [name, hasDefault] of followed) {
      const users = variables?.[name]
      if (users === null || (users === undefined && !hasDefault)) weight += CONTACT_LIST
    }
    return { weight: Math.ceil(weight), movesOwnStreams }
  }
}

const OF_NOTHING: Plan = {
  constant: OPERATION,
  lists: new Map(),
  pages: new Map(),
  followed: new Map(),
  movesOwnStreams: false,
}

class Planner {
  private readonly schema: GraphQLSchema
  private readonly operation: OperationDefinitionNode
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  private readonly lists = new Map<string, number>()
  private readonly pages = new Map<string, number>()
  private readonly followed = new Map<string, boolean>()
  private constant = OPERATION
  private movesOwnStreams = false

  constructor(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode) {
    this.schema = schema
    this.operation = operation
    this.fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    )
  }

  plan(): Plan {
    const { selectionSet, operation, variableDefinitions = [] } = this.operation
    this.walk(selectionSet, this.schema.getRootType(operation) ?? undefined, true)
    const most = Math.max(1, ...this.lists.values())
    for (const { defaultValue } of variableDefinitions) {
      if (defaultValue !== undefined) this.constant += most * literalsIn(defaultValue)
    }
    const { constant, lists, pages, followed, movesOwnStreams } = this
    return { constant, lists, pages, followed, movesOwnStreams }
  }

  private walk({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, atRoot: boolean): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        this.take(selection, isObjectType(type) ? type.getFields()[selection.name.value] : undefined, atRoot)
      } else {
        const inside =
          selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection
        const on = inside?.typeCondition && this.schema.getType(inside.typeCondition.name.value)
        if (inside !== undefined) this.walk(inside.selectionSet, on ?? type, atRoot)
      }
    }
  }

  private take(node: FieldNode, field: GraphQLField<unknown, unknown> | undefined, atRoot: boolean): void {
    const fields = this.fieldsIn(node.selectionSet)
    const more = MORE_OF_EACH[node.name.value] ?? 0
    const ofOne = 1 + more + (fields + 3 * Math.max(0, fields - USUAL_FIELDS)) / FIELDS_IN_ONE
    const page = field?.args.find(({ name }) => name === 'first')
    const changes = atRoot && this.operation.operation === OperationTypeNode.MUTATION
    if (changes) this.constant += CHANGE
    if (changes && !OF_SESSIONS.includes(node.name.value)) this.movesOwnStreams = true
    this.constant += MUCH[node.name.value] ?? 0
    if (page !== undefined) {
      this.constant += PAGE
      const given = node.arguments?.find(({ name }) => name.value === 'first')?.value
      if (given?.kind === Kind.VARIABLE) add(this.pages, given.name.value, ofOne)
      else this.constant += ofOne * entriesIn(given?.kind === Kind.INT ? given.value : page.defaultValue)
    }
    const change = changes ? (CHANGED_OTHERWISE[node.name.value] ?? CHANGED) : 0
    this.takeArguments(node, ofOne + change)
    if (node.selectionSet && field) this.walk(node.selectionSet, getNamedType(field.type), false)
  }

  /** Whatever list an argument holds, at whichever depth, is of users or of items. */
  private takeArguments({ name, arguments: given = [] }: FieldNode, each: number): void {
    if (name.value === FOLLOWS_CONTACTS) this.takeFollowed(given)
    for (const argument of given) {
      const weight = argument.name.value === PAIRS ? each + PAIR : each
      this.constant += weight * literalsIn(argument.value)
      visit(argument.value, { Variable: (variable) => add(this.lists, variable.name.value, weight) })
    }
  }

  /** A stream of no users in particular follows the contact list. */
  private takeFollowed(given: readonly ArgumentNode[]): void {
    const users = given.find(({ name }) => name.value === 'userIds')?.value
    if (users === undefined || users.kind === Kind.NULL) this.constant += CONTACT_LIST
    if (users?.kind !== Kind.VARIABLE) return
    const name = users.name.value
    const defaultValue = this.operation.variableDefinitions?.find(
      ({ variable }) => variable.name.value === name,
    )?.defaultValue
    this.followed.set(name, defaultValue !== undefined && defaultValue.kind !== Kind.NULL)
  }

  /** With fragments written out. */
  private fieldsIn(selectionSet: SelectionSetNode | undefined): number {
    return (selectionSet?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD)
        return sum + this.fieldsIn(this.fragments.get(selection.name.value)?.selectionSet)
      return sum + Number(selection.kind === Kind.FIELD) + this.fieldsIn(selection.selectionSet)
    }, 0)
  }
}

function add(weights: Map<string, number>, name: string, more: number): void {
  weights.set(name, (weights.get(name) ?? 0) + more)
}

/** Entries of all lists of a literal. */
function literalsIn(value: ValueNode): number {
  let entries = 0
  visit(value, { ListValue: ({ values }) => void (entries += values.length) })
  return Math.min(entries, MOST_ITEMS)
}

/** Lists that are longer are refused before anything is done about them. */
const MOST_ITEMS = 1000

/** Entries of a list, or of the lists of an input object: inputs of this schema hold their lists at their first level. */
function itemsIn(value: unknown): number {
  if (Array.isArray(value)) return Math.min(value.length, MOST_ITEMS)
  if (typeof value !== 'object' || value === null) return 0
  let items = 0
  for (const name in value) {
    const inside = (value as Record<string, unknown>)[name]
    if (Array.isArray(inside)) items += inside.length
  }
  return Math.min(items, MOST_ITEMS)
}

/** A page larger than this is refused. */
const MAX_ENTRIES = 500
const USUAL_ENTRIES = 50

function entriesIn(size: unknown): number {
  const entries = Number(size ?? USUAL_ENTRIES)
  return entries >= 0 ? Math.min(entries, MAX_ENTRIES) : 0
}
