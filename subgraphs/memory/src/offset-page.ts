import { InvalidInput, cursorOf, requirePage, type Page } from '@passerelle/platform/schema'

/** A list that is ranked by what changes (how known an entity is) is continued by place. */
export interface OffsetRequest {
  first: number
  offset: number
}

const furthest = 1_000_000

/** Checks `first` and `after`; the cursors of these lists hold the place of their node. */
export function requireOffsetPage(args: {
  first?: number | null | undefined
  after?: string | null | undefined
}): OffsetRequest {
  const { first, after } = requirePage(args, { keys: 1 })
  const offset = after === null ? 0 : after[0]
  if (typeof offset !== 'number' || !Number.isInteger(offset) || offset < 0 || offset > furthest) {
    throw new InvalidInput('This is not a cursor that this list gave.', ['after'])
  }
  return { first, offset }
}

/** The page that starts at the offset; each node's cursor is the place after it. */
export function pageAt<Node>(
  { nodes, hasMore }: { nodes: Node[]; hasMore: boolean },
  { offset }: Pick<OffsetRequest, 'offset'>,
  total: () => Promise<number>,
): Page<Node> {
  return {
    nodes,
    cursors: nodes.map((_node, index) => cursorOf([offset + index + 1])),
    hasNextPage: hasMore,
    hasPreviousPage: offset > 0,
    total,
  }
}
