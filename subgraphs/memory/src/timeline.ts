import { z } from 'zod'
import type { Graph, Period, TimelineEntry, TimelineKind } from '@passerelle/platform/graph'
import {
  cursorOf,
  cursorParts,
  requireAfter,
  type Page,
  type PageRequest,
  type Viewer,
} from '@passerelle/platform/schema'

const cursor = z.tuple([
  cursorParts.moment,
  z
    .string()
    .max(200)
    .regex(/^[\w ]*$/),
])

export interface TimelineRequest {
  id: string
  kinds?: readonly TimelineKind[]
  period: Period
  page: PageRequest
}

/** What happened to an entity, the latest first. A cursor holds the moment of its entry and what tells it from others of that moment. */
export async function listTimeline(
  graph: Graph,
  { organizationId }: Viewer,
  { id, kinds, period, page }: TimelineRequest,
): Promise<Page<TimelineEntry>> {
  const [at, tie] = requireAfter(cursor, page) ?? []
  const { entries, hasMore } = await graph.timeline(organizationId, {
    id,
    limit: page.first,
    ...period,
    ...(kinds && { kinds }),
    ...(at !== undefined && tie !== undefined && { after: { at: new Date(at), tie } }),
  })
  return {
    nodes: entries,
    cursors: entries.map((entry) => cursorOf([entry.at.toISOString(), entry.tie])),
    hasNextPage: hasMore,
    hasPreviousPage: page.after !== null,
    total: async () => entries.length,
  }
}
