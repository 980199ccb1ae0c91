/**
 * What the files of `cypher/` write on nodes and relations. Raise it when documents or records written before must be written again: a consumer
 * whose position was kept under another shape starts at the beginning of the log, and a document's version of another shape is not the one it has.
 */
const shape = '2'

/** A position or version with the shape it was written under. */
export function stamp(text: string): string {
  return `${shape}:${text}`
}

/** The position that was kept under this shape; '0' when none was. */
export function findShapedPosition(stamped: string | undefined): string {
  return stamped?.startsWith(`${shape}:`) ? stamped.slice(shape.length + 1) : '0'
}
