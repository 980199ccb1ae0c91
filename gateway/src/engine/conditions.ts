import { Kind, visit, type DirectiveNode, type DocumentNode, type SelectionNode, type SelectionSetNode } from 'graphql'

/** The variables that decide about `@skip` and `@include` in a document. */
export function conditionVariables(document: DocumentNode): string[] {
  const names = new Set<string>()
  visit(document, {
    Directive(node) {
      const value = conditionOf(node)
      if (value?.kind === Kind.VARIABLE) names.add(value.name.value)
    },
  })
  return [...names]
}

/**
 * The document as it reads once its conditions are decided. A plan is made for each outcome that really comes up, so neither planning
 * nor the form of the answer has to know about conditions. A selection that loses everything keeps `__typename`, which nobody reads.
 */
export function decided(document: DocumentNode, variables: Record<string, unknown>): DocumentNode {
  return visit(document, {
    SelectionSet(node): SelectionSetNode | undefined {
      const selections = node.selections.flatMap((selection) => decide(selection, variables))
      return { ...node, selections: selections.length > 0 ? selections : [nothing] }
    },
  })
}

/** Stands for a selection that conditions have emptied. */
export const nothing: SelectionNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

function decide(selection: SelectionNode, variables: Record<string, unknown>): SelectionNode[] {
  const directives = selection.directives?.filter((directive) => !conditionOf(directive)) ?? []
  if (directives.length === (selection.directives?.length ?? 0)) return [selection]
  const excluded = selection.directives?.some((directive) => {
    const value = conditionOf(directive)
    if (!value) return false
    const holds =
      value.kind === Kind.VARIABLE ? variables[value.name.value] === true : value.kind === Kind.BOOLEAN && value.value
    return holds === (directive.name.value === 'skip')
  })
  return excluded ? [] : [{ ...selection, directives }]
}

function conditionOf(directive: DirectiveNode) {
  const name = directive.name.value
  return name === 'skip' || name === 'include'
    ? directive.arguments?.find((argument) => argument.name.value === 'if')?.value
    : undefined
}
