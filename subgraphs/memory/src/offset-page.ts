import { z } from 'zod'
import { cursorOf, cursorParts, requireAfter, requirePage, type Page } from '@passerelle/platform/schema'

/** A list that is ranked by what changes (how known an entity is) is continued by place. */
export interface OffsetRequest {
  first: number
  offset: number
}

/** Checks `first` and `after`; the cursors of these lists hold the place of their node. */
export function requireOffsetPage(args: {
  first?: number | null | undefined
  after?: string | null | undefined
}): OffsetRequest {
  const page = requirePage(args)
  const [offset] = requireAfter(z.tuple([cursorParts.offset]), page) ?? [0]
  return { first: page.first, offset }
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
