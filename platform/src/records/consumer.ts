import type { Fact, PublishedFact } from '../facts/facts.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Tx } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import { recordEntityId, toRecordFacts, type OperationalRecord, type RecordKind } from './links.ts'

/** Where the records of one kind come from. Their facts carry the record's `id`. */
export interface RecordSource {
  kind: RecordKind
  types: readonly string[]
  load(organizationId: string, id: string): Promise<OperationalRecord | null>
}

const maxWaitMs = 1_500

/**
 * Keeps the graph's records as the rows are, under the consumer's name. The position is kept in the graph itself: one that comes back empty
 * is filled again from the first fact.
 */
export function consumeRecords(
  { facts, graph }: Pick<Platform, 'facts' | 'graph'>,
  name: string,
  sources: readonly RecordSource[],
): void {
  facts.consume({
    name,
    types: sources.flatMap((source) => source.types),
    position: {
      engine: 'graph',
      load: (organizationId) => graph.applied(organizationId, name),
      save: (organizationId, position) => graph.setApplied(organizationId, name, position),
    },
    async handle({ organizationId, type, payload, occurredAt }: Fact) {
      const source = sources.find((candidate) => candidate.types.includes(type))
      if (!source || typeof payload['id'] !== 'string')
        throw new Error(`A fact ${type} of consumer ${name} names no record.`)
      const record = await source.load(organizationId, payload['id'])
      const change = { at: occurredAt, what: whatHappened({ type, payload }) }
      if (record) await graph.recordRecord(organizationId, toRecordFacts(organizationId, record, change))
      else
        await graph.forgetRecord(
          organizationId,
          recordEntityId(organizationId, { kind: source.kind, id: payload['id'] }),
        )
    },
  })
}

/** The status that the fact tells, such as DELIVERED, else the verb of its type: CREATED, UPDATED. */
function whatHappened({ type, payload }: Pick<Fact, 'type' | 'payload'>): string {
  const verb = type.slice(type.lastIndexOf('.') + 1).toUpperCase()
  return verb !== 'CREATED' && typeof payload['status'] === 'string' ? payload['status'] : verb
}

/**
 * Writes a record and its fact in one transaction, then waits until the graph shows it, so that the answer to the mutation can select the record's
 * entity; for at most a second and a half, and without ever failing for it: the record is kept, the graph follows.
 */
export async function writeRecord<Noun>(
  { sql, facts, log }: Pick<Platform, 'sql' | 'facts' | 'log'>,
  { viewer, consumer }: { viewer: Viewer; consumer: string },
  work: (tx: Tx) => Promise<{ noun: Noun; fact: PublishedFact }>,
): Promise<Noun> {
  const { organizationId } = viewer
  const { noun, fact } = await sql.withOrganization(viewer, work)
  const waited =
    fact.position === null
      ? null
      : facts.reached(consumer, { organizationId, position: fact.position }, { timeoutMs: maxWaitMs })
  await waited?.catch((error: unknown) =>
    log.warn({ consumer, organizationId, err: error }, 'the graph cannot be waited for'),
  )
  return noun
}
