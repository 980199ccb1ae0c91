import { inBatches, writeVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { recordEntities } from './entities.ts'
import type { RecordFacts } from './graph.ts'
import { toMoment } from './provenance.ts'
import { searchText } from './search-text.ts'

/** How many changes of a record its timeline goes back. */
const maxHistory = 100

/** A record is no paper: what it says has no page. */
const said = { type: 'IDENTIFIES', confidence: 1, extractor: 'record', page: null, chunk: null, boxes: null }

/** Writes an operational record and what leads to it, in one transaction; see Graph.recordRecord. */
export async function recordRecord(engine: CypherEngine, organizationId: string, record: RecordFacts): Promise<void> {
  const { entity, recordType, recordId, change } = record
  const at = toMoment(change.at)
  const identifiers = new Map(
    record.identifiers.filter(({ id }) => id !== entity.id).map((identifier) => [identifier.id, identifier]),
  )
  await writeVerbs(engine, organizationId, async (run) => {
    const before = await forgetLinks(run, entity.id)
    await recordEntities(run, [entity, ...identifiers.values()])
    await run('record_record', {
      id: entity.id,
      name: entity.name,
      search: searchText([entity.name, entity.key]),
      recordType,
      recordId,
      change: `${at} ${change.what}`,
      maxHistory,
    })
    const rows = [...identifiers.keys()].map((from) => ({ ...said, source: entity.id, at, from, to: entity.id }))
    await inBatches(rows, (batch) => run('record_relations', { rows: batch }))
    await inBatches(before, (ids) => run('forget_orphans', { ids }))
  })
}

/** Removes a record, and with it the entities that only led to it. */
export async function forgetRecord(engine: CypherEngine, organizationId: string, entityId: string): Promise<void> {
  await writeVerbs(engine, organizationId, async (run) => {
    const before = await forgetLinks(run, entityId)
    await run('forget_record', { id: entityId })
    await inBatches([entityId, ...before], (ids) => run('forget_orphans', { ids }))
  })
}

async function forgetLinks(run: RunVerb, entityId: string): Promise<string[]> {
  const rows = await run('find_record_links', { id: entityId })
  const linked = rows.map(({ id }) => id)
  await inBatches(
    linked.map((id) => ({ source: entityId, id })),
    (rows) => run('forget_relations', { rows }),
  )
  return linked
}
