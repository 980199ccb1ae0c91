import { InvalidInput } from './refusals.ts'

/** What a list was asked for, checked: `first` of 1 to 100 (20 unless told), and the sort key after which to continue. */
export interface PageRequest {
  first: number
  after: readonly (string | number)[] | null
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

/** Checks the arguments of a list; more than 100 is refused rather than cut. `keys` is how many values a cursor of this list holds. */
export function requirePage(args: { first?: number | null | undefined; after?: string | null | undefined }, { keys, max = maxPage }: { keys: number; max?: number }): PageRequest {
  const first = args.first ?? defaultPage
  if (first < 1 || first > max) throw new InvalidInput(`first is between 1 and ${max}.`, ['first'])
  return { first, after: args.after ? decodeCursor(args.after, keys) : null }
}

/** An opaque cursor that holds the sort key of a row. */
export function cursorOf(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The sort key a cursor holds, or InvalidInput. */
export function decodeCursor(cursor: string, keys: number): (string | number)[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.length === keys && key.every((value) => typeof value === 'string' || Number.isFinite(value))) return key
  } catch {
    // Falls through to the refusal: whatever is wrong with a cursor, the caller learns the same.
  }
  throw new InvalidInput('This is not a cursor that this list gave.', ['after'])
}

/** A page from rows fetched one beyond the page (`limit first + 1`), which is how it knows that there are more. */
export function pageOf<Row, Node = Row>(
  rows: readonly Row[],
  request: PageRequest,
  shape: { key: (row: Row) => readonly (string | number)[]; node: (row: Row) => Node; total: () => Promise<number> },
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
