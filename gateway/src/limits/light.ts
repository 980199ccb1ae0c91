import { visit, type DocumentNode } from 'graphql'

/** About what a node of a document takes, in bytes. */
const nodeBytes = 200
/** Of a document that was not read here. */
const usualNodes = 100

const nodes = new WeakMap<DocumentNode, number>()

/**
 * Lets go of the tokens that a document was read from. They hang together from the first to the last, comments too, and weigh forty times the text. Where
 * each node stands in the text is kept, for errors.
 */
export function lighten(document: DocumentNode): DocumentNode {
  let count = 0
  visit(document, {
    enter(node) {
      count += 1
      if (!node.loc) return
      const { start, end, source } = node.loc
      Object.assign(node, { loc: { start, end, source } })
    },
  })
  nodes.set(document, count)
  return document
}

/** About what a document takes that is kept with its text, in bytes. */
export function weightOf(document: DocumentNode, text: string): number {
  return text.length + nodeBytes * (nodes.get(document) ?? usualNodes)
}
