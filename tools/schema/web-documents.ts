import { createHash } from 'node:crypto'
import { Kind, parse, print, visit, type FieldNode, type SelectionSetNode } from 'graphql'

const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }

/**
 * A document as the web application's client sends it: it asks the type of every object, to know in its cache which one it is. Another text of the same
 * document is another document.
 */
export function toSentDocument(text: string): string {
  return print(
    visit(parse(text, { noLocation: true }), {
      SelectionSet(node, _key, parent): SelectionSetNode | undefined {
        if (parent && 'kind' in parent && parent.kind === Kind.OPERATION_DEFINITION) return undefined
        const isAsked = node.selections.some((each) => each.kind === Kind.FIELD && each.name.value === '__typename')
        return isAsked ? undefined : { ...node, selections: [...node.selections, typename] }
      },
    }),
  )
}

/** The name of a document: `sha256:` and the hash of its text. */
export function nameOfDocument(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`
}

/** The beginning of the hash, by which the application's script names a document: there are few of them, and hashes do not compress. */
export function shortNameOf(text: string): string {
  return nameOfDocument(text).slice('sha256:'.length, 'sha256:'.length + 16)
}
