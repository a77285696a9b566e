import { Kind, type GraphQLResolveInfo, type SelectionSetNode } from 'graphql'

/** What is known without reading anything: who was asked for, or who is asking. */
const KNOWN_BEFORE = ['__typename', 'id', 'user']

/** Whether any field is selected that has to be read. Documents have been admitted: their fragments do not go in circles. */
export function selectsMoreThanIds({
  fieldNodes,
  fragments,
}: Pick<GraphQLResolveInfo, 'fieldNodes' | 'fragments'>): boolean {
  const selects = (selectionSet: SelectionSetNode | undefined): boolean =>
    selectionSet?.selections.some((selection) => {
      switch (selection.kind) {
        case Kind.FIELD:
          return !KNOWN_BEFORE.includes(selection.name.value) || selects(selection.selectionSet)
        case Kind.INLINE_FRAGMENT:
          return selects(selection.selectionSet)
        case Kind.FRAGMENT_SPREAD:
          return selects(fragments[selection.name.value]?.selectionSet)
      }
    }) ?? false
  return fieldNodes.some(({ selectionSet }) => selects(selectionSet))
}
