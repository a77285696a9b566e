import {
  GraphQLError,
  Kind,
  OperationTypeNode,
  type ASTVisitor,
  type SelectionNode,
  type ValidationContext,
} from 'graphql'

const CONDITIONS = ['skip', 'include']

/**
 * A validation rule: nothing at the root of a subscription depends on a condition, as the specification has it since 2025. graphql-js
 * looks at no variables when it counts the fields there, and throws when it begins a subscription of which none is left.
 */
export function unconditionalSubscription(context: ValidationContext): ASTVisitor {
  return {
    OperationDefinition(operation) {
      if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return false
      const entered = new Set<string>()
      const check = (selection: SelectionNode): void => {
        const condition = selection.directives?.find(({ name }) => CONDITIONS.includes(name.value))
        if (condition !== undefined) {
          const message = `The field of a subscription takes no "@${condition.name.value}". Leave the directive out, or do not subscribe.`
          context.reportError(new GraphQLError(message, { nodes: condition }))
        } else if (selection.kind === Kind.INLINE_FRAGMENT) {
          selection.selectionSet.selections.forEach(check)
        } else if (selection.kind === Kind.FRAGMENT_SPREAD && !entered.has(selection.name.value)) {
          entered.add(selection.name.value)
          context.getFragment(selection.name.value)?.selectionSet.selections.forEach(check)
        }
      }
      operation.selectionSet.selections.forEach(check)
      return false
    },
  }
}
