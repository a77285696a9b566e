import {
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
  Kind,
  OperationTypeNode,
  visit,
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
import { entriesIn } from './sizes-in-values.ts'
import {
  CHANGE,
  CHANGED,
  CHANGED_OTHERWISE,
  CONTACT_LIST,
  ENTRIES,
  ENTRIES_WITHOUT_SIZE,
  FIELDS_IN_ONE,
  MORE_OF_EACH,
  MUCH,
  OF_SESSIONS,
  OPERATION,
  PAGE,
  PAIR,
  PAIRS,
  READS,
  USUAL_FIELDS,
  WITHOUT_SIZE,
} from './weights.ts'

const FOLLOWS_CONTACTS = 'presenceUpdates'

/** The parts of an operation's weight that its document decides. The values of its variables decide the rest. */
export type Plan = {
  readonly constant: number
  readonly variables: ReadonlyMap<string, VariableWeight>
  readonly movesOwnStreams: boolean
}

/** The weight of the value of a variable. */
export type VariableWeight = {
  /** Each item of the lists that it holds. */
  eachItem: number
  /** Each entry of the pages whose size it is. */
  eachEntry: number
  /** The contact list, if the value is null. */
  followed: number
  /** The whole weight of the variable where the client sends no value, so that a default holds. */
  absent: number
}

type Field = GraphQLField<unknown, unknown> | undefined

type Planned = {
  readonly document: DocumentNode
  readonly operation: OperationDefinitionNode
  /** Items of one list that count: a longer list is refused before anything is done about it. */
  readonly mostItems: number
}

export function planOf(schema: GraphQLSchema, planned: Planned): Plan {
  return new Planner(schema, planned).plan()
}

class Planner {
  private readonly schema: GraphQLSchema
  private readonly operation: OperationDefinitionNode
  private readonly mostItems: number
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  private readonly variables = new Map<string, VariableWeight>()
  private constant = OPERATION
  private movesOwnStreams = false

  constructor(schema: GraphQLSchema, { document, operation, mostItems }: Planned) {
    this.schema = schema
    this.operation = operation
    this.mostItems = mostItems
    this.fragments = new Map(
      document.definitions.flatMap((definition) =>
        definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : [],
      ),
    )
  }

  plan(): Plan {
    const { selectionSet, operation } = this.operation
    this.walk(selectionSet, this.schema.getRootType(operation) ?? undefined, true)
    const { constant, variables, movesOwnStreams } = this
    return { constant, variables, movesOwnStreams }
  }

  private walk({ selections }: SelectionSetNode, type: GraphQLNamedType | undefined, atRoot: boolean): void {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const field = isObjectType(type) ? type.getFields()[selection.name.value] : undefined
        this.takeReads(`${type?.name ?? ''}.${selection.name.value}`, field)
        this.take(selection, field, atRoot)
      } else {
        const inside =
          selection.kind === Kind.FRAGMENT_SPREAD ? this.fragments.get(selection.name.value) : selection
        const on = inside?.typeCondition && this.schema.getType(inside.typeCondition.name.value)
        if (inside !== undefined) this.walk(inside.selectionSet, on ?? type, atRoot)
      }
    }
  }

  private take(node: FieldNode, field: Field, atRoot: boolean): void {
    const name = node.name.value
    const fields = this.fieldsIn(node.selectionSet)
    const more = MORE_OF_EACH[name] ?? 0
    const ofOne = 1 + more + (fields + 3 * Math.max(0, fields - USUAL_FIELDS)) / FIELDS_IN_ONE
    const changes = atRoot && this.operation.operation === OperationTypeNode.MUTATION
    if (changes) this.constant += CHANGE
    if (changes && !OF_SESSIONS.includes(name)) this.movesOwnStreams = true
    this.constant += (MUCH[name] ?? 0) + ofOne * (ENTRIES[name] ?? 0)
    if (WITHOUT_SIZE.includes(name)) this.constant += this.withoutSize(node, field)
    this.takePage(node, field, ofOne)
    if (name === FOLLOWS_CONTACTS) this.takeFollowed(node, field)
    const change = changes ? (CHANGED_OTHERWISE[name] ?? CHANGED) : 0
    this.takeLists(node, ofOne + change)
    if (node.selectionSet && field) this.walk(node.selectionSet, getNamedType(field.type), false)
  }

  private takeReads(coordinate: string, field: Field): void {
    const answer = field === undefined ? '' : getNamedType(field.type).name
    this.constant += READS[coordinate] ?? READS[answer] ?? 0
  }

  private takePage(node: FieldNode, field: Field, each: number): void {
    const size = field?.args.find(({ name }) => name === 'first')
    if (size === undefined) return
    this.constant += PAGE
    const given = argumentOf(node, 'first')
    if (given?.kind !== Kind.VARIABLE) {
      this.constant += each * entriesIn(given === undefined ? size.defaultValue : literalSize(given))
      return
    }
    const byDefault = this.defaultOf(given.name.value)
    const variable = this.variable(given.name.value)
    variable.eachEntry += each
    variable.absent += each * entriesIn(byDefault === undefined ? size.defaultValue : literalSize(byDefault))
  }

  /** A list in an argument, at whichever depth, is one of users or of items. */
  private takeLists({ arguments: given = [] }: FieldNode, each: number): void {
    for (const { name, value } of given) {
      const weight = name.value === PAIRS ? each + PAIR : each
      this.constant += weight * this.literalsIn(value)
      visit(value, {
        Variable: ({ name: { value: variableName } }) => {
          const byDefault = this.defaultOf(variableName)
          const variable = this.variable(variableName)
          variable.eachItem += weight
          if (byDefault !== undefined) variable.absent += weight * this.literalsIn(byDefault)
        },
      })
    }
  }

  /** A stream whose `userIds` are null or left out follows the contact list. */
  private takeFollowed(node: FieldNode, field: Field): void {
    const weight = CONTACT_LIST + this.withoutSize(node, field)
    const users = argumentOf(node, 'userIds')
    if (isNone(users)) this.constant += weight
    if (users?.kind !== Kind.VARIABLE) return
    const variable = this.variable(users.name.value)
    variable.followed += weight
    if (isNone(this.defaultOf(users.name.value))) variable.absent += weight
  }

  /** The weight of the fields beyond the usual ones in lists for which the caller gives no size. */
  private withoutSize({ selectionSet }: FieldNode, field: Field): number {
    // An event has its own fields once, and those of its entries often.
    const isList = field !== undefined && isListType(getNullableType(field.type))
    const fields = this.fieldsIn(selectionSet, { below: isList ? 0 : 1 })
    return (ENTRIES_WITHOUT_SIZE * 4 * Math.max(0, fields - USUAL_FIELDS)) / FIELDS_IN_ONE
  }

  /** With fragments written out; only those at least so many levels `below`. */
  private fieldsIn(selectionSet: SelectionSetNode | undefined, { below = 0 } = {}): number {
    return (selectionSet?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === Kind.FIELD) {
        const inside = this.fieldsIn(selection.selectionSet, { below: Math.max(0, below - 1) })
        return sum + Number(below === 0) + inside
      }
      const isSpread = selection.kind === Kind.FRAGMENT_SPREAD
      const inside = isSpread ? this.fragments.get(selection.name.value) : selection
      return sum + this.fieldsIn(inside?.selectionSet, { below })
    }, 0)
  }

  /** Entries of all lists of a literal. */
  private literalsIn(value: ValueNode): number {
    let entries = 0
    visit(value, { ListValue: ({ values }) => void (entries += values.length) })
    return Math.min(entries, this.mostItems)
  }

  private defaultOf(variableName: string): ValueNode | undefined {
    const definitions = this.operation.variableDefinitions ?? []
    return definitions.find(({ variable }) => variable.name.value === variableName)?.defaultValue
  }

  private variable(name: string): VariableWeight {
    let weight = this.variables.get(name)
    if (weight === undefined)
      this.variables.set(name, (weight = { eachItem: 0, eachEntry: 0, followed: 0, absent: 0 }))
    return weight
  }
}

function argumentOf(node: FieldNode, name: string): ValueNode | undefined {
  return node.arguments?.find((argument) => argument.name.value === name)?.value
}

function isNone(value: ValueNode | undefined): boolean {
  return value === undefined || value.kind === Kind.NULL
}

function literalSize(value: ValueNode): unknown {
  return value.kind === Kind.INT ? value.value : undefined
}
