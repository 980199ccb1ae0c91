import { cursorOf, decodeCursor, type CursorValue } from './cursor.ts'
import { InvalidInput } from './refusals.ts'

/** What a list was asked for, checked: `first` of 1 to 100 (20 unless told), and the sort key after which to continue. */
export interface PageRequest {
  first: number
  after: readonly CursorValue[] | null
}

/** One page of a list with a cursor for each node. `total` is computed only when a client selects it. */
export interface Page<Node> {
  nodes: Node[]
  cursors: string[]
  hasNextPage: boolean
  hasPreviousPage: boolean
  total: () => Promise<number>
}

const maxPage = 100
const defaultPage = 20

/** Checks the arguments of a list; more than 100 is refused rather than cut. What the cursor holds is for the list to check (`requireAfter`). */
export function requirePage(args: {
  first?: number | null | undefined
  after?: string | null | undefined
}): PageRequest {
  const first = args.first ?? defaultPage
  if (first < 1 || first > maxPage) throw new InvalidInput(`first is between 1 and ${maxPage}.`, ['first'])
  return { first, after: args.after ? decodeCursor(args.after) : null }
}

/** A page from rows fetched one beyond the page (`limit first + 1`), which is how it knows that there are more. */
export function pageOf<Row, Node = Row>(
  rows: readonly Row[],
  request: PageRequest,
  shape: { key: (row: Row) => readonly CursorValue[]; node: (row: Row) => Node; total: () => Promise<number> },
): Page<Node> {
  const shown = rows.slice(0, request.first)
  return {
    nodes: shown.map(shape.node),
    cursors: shown.map((row) => cursorOf(shape.key(row))),
    hasNextPage: rows.length > request.first,
    hasPreviousPage: request.after !== null,
    total: shape.total,
  }
}
