import { InvalidInput } from '../schema/refusals.ts'
import { readingVerbs, type CypherEngine, type RunVerb, type VerbRows } from './engine.ts'
import {
  timelineKinds,
  type ActivityQuery,
  type MonthActivity,
  type Timeline,
  type TimelineEntry,
  type TimelineKind,
  type TimelineQuery,
} from './graph.ts'
import { toBounds, toMoment, unpackPlace } from './provenance.ts'
import { compareIds } from './steps.ts'

const maxPage = 100
/** Of an identifier that leads to many records, those that changed last. */
const maxRecords = 100

type Bounds = ReturnType<typeof toBounds> & { id: string; at: string | null; tie: string; limit: number }

/** One page of a timeline; see Graph.timeline. */
export async function findTimeline(
  engine: CypherEngine,
  organizationId: string,
  { id, kinds = timelineKinds, limit, after, ...period }: TimelineQuery,
): Promise<Timeline> {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage)
    throw new InvalidInput(`A page has 1 to ${maxPage} entries.`, ['first'])
  const run = readingVerbs(engine, organizationId)
  const bounds: Bounds = {
    id,
    ...toBounds(period),
    at: after ? toMoment(after.at) : null,
    tie: after?.tie ?? '',
    limit: limit + 1,
  }
  const found = await Promise.all(
    timelineKinds.filter((kind) => kinds.includes(kind)).map((kind) => read[kind](run, bounds)),
  )
  const entries = found.flat().sort((a, b) => b.at.getTime() - a.at.getTime() || compareIds(b.tie, a.tie))
  return { entries: entries.slice(0, limit), hasMore: entries.length > limit }
}

const read: Record<TimelineKind, (run: RunVerb, bounds: Bounds) => Promise<TimelineEntry[]>> = {
  MENTION: async (run, bounds) => (await run('find_mention_timeline', { ...bounds })).map(toMention),
  RELATION: async (run, bounds) => (await run('find_relation_timeline', { ...bounds })).map(toRelation),
  RECORD: readRecords,
}

function toMention(row: VerbRows['find_mention_timeline']): TimelineEntry {
  return {
    kind: 'MENTION',
    at: new Date(row.at),
    tie: row.tie,
    documentId: row.documentId,
    recordEntityId: null,
    what: row.relation,
    otherId: null,
    outgoing: false,
    count: row.count,
    place: unpackPlace(row),
    confidence: row.confidence,
    extractor: row.extractor,
  }
}

function toRelation(row: VerbRows['find_relation_timeline']): TimelineEntry {
  const place = unpackPlace(row)
  return {
    kind: 'RELATION',
    at: new Date(row.at),
    tie: row.tie,
    documentId: place ? row.source : null,
    recordEntityId: place ? null : row.source,
    what: row.type,
    otherId: row.otherId,
    outgoing: row.outgoing,
    count: 1,
    place,
    confidence: row.confidence,
    extractor: row.extractor,
  }
}

/** A record's history is on its entity, `2026-11-20T08:30:00.000Z DELIVERED` a line: it is short, so the page is cut here. */
async function readRecords(run: RunVerb, { id, since, until, at, tie, limit }: Bounds): Promise<TimelineEntry[]> {
  const rows = await run('find_record_histories', { id, limit: maxRecords })
  const entries = rows.flatMap(({ recordEntityId, history }) =>
    history.map((line, index): TimelineEntry => {
      const [moment = '', what = ''] = line.split(' ')
      return {
        kind: 'RECORD',
        at: new Date(moment),
        tie: `${recordEntityId} 3 ${String(index).padStart(4, '0')}`,
        documentId: null,
        recordEntityId,
        what,
        otherId: null,
        outgoing: false,
        count: 1,
        place: null,
        confidence: 1,
        extractor: 'record',
      }
    }),
  )
  const within = entries.filter((entry) => {
    const moment = toMoment(entry.at)
    if ((since !== null && moment < since) || (until !== null && moment >= until)) return false
    return at === null || moment < at || (moment === at && compareIds(entry.tie, tie) < 0)
  })
  return within.sort((a, b) => b.at.getTime() - a.at.getTime() || compareIds(b.tie, a.tie)).slice(0, limit)
}

/** How much documents say of an entity, month by month. */
export async function findActivity(
  engine: CypherEngine,
  organizationId: string,
  { id, ...period }: ActivityQuery,
): Promise<MonthActivity[]> {
  return readingVerbs(engine, organizationId)('count_activity', { id, ...toBounds(period) })
}
