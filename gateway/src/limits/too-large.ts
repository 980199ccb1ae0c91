import { GraphQLError, type ASTNode } from 'graphql'

const names: Readonly<Record<string, string>> = {
  text: 'characters',
  inputDepth: 'lists and objects inside each other',
  inputValues: 'values in its variables',
  inputList: 'values in a list',
  introspections: 'lists of the schema inside each other',
  nesting: 'selections inside each other',
  descriptions: 'descriptions of the whole schema, counted with the aliases in them',
}

/** The refusal of an operation that goes beyond a limit. */
export function tooLarge({ what, limit, node }: { what: string; limit: number; node?: ASTNode }): GraphQLError {
  return new GraphQLError(`This operation asks for too much: at most ${limit} ${names[what] ?? what}.`, {
    nodes: node,
    extensions: { code: 'OPERATION_TOO_LARGE', what, limit },
  })
}
