import { publish } from '@passerelle/platform/facts'
import { entityId } from '@passerelle/platform/identifiers'
import { documentLinked } from '../document/document.facts.ts'
import { graphConsumer } from '../graph/graph.consumer.ts'
import { saveMentions, type NewMention, type NewRelation } from '../mentions/mention.store.ts'
import { inRun, type Ingestion } from './ingestion.ts'
import type { Understood } from './understand.task.ts'

/** How long a document waits for the graph before it is READY without it; the consumer goes on by itself. */
const graphPatienceMs = 5_000

/** Mentions and relations, written here and taken over by the graph through the fact. */
export const linkStage = { stage: 'LINKING' as const, run: link }

async function link(ingestion: Ingestion): Promise<void> {
  const { platform, scope, run, document, understanding, degraded, signal } = ingestion
  const { mentions, relations } = await understanding()
  const { organizationId } = scope
  const toId = (mention: Understood['mentions'][number]): string =>
    entityId({ organizationId, type: mention.entityType, kind: mention.kind, key: mention.key })
  const rows: NewMention[] = mentions.map((mention) => ({ ...mention, entityId: toId(mention) }))
  const linked = await inRun(ingestion, async (tx) => {
    await saveMentions(
      tx,
      { documentId: document.id, organizationId },
      {
        mentions: rows,
        relations: relations.flatMap(({ from, to, type, confidence }) => {
          const [source, target] = [rows[from], rows[to]]
          return source && target && source.entityId !== target.entityId
            ? [{ from: source.entityId, to: target.entityId, type, confidence, ...placeOf(source, target) }]
            : []
        }),
      },
    )
    return publish(tx, documentLinked(run))
  })
  const at = { organizationId, position: linked.position ?? '0' }
  if (await platform.facts.reached(graphConsumer, at, { timeoutMs: graphPatienceMs, signal }))
    degraded.delete('LINKING')
  else degraded.add('LINKING')
}

/** A relation stands where its two ends do: they are on one page, and the words between them say it. */
function placeOf(source: NewMention, target: NewMention): Pick<NewRelation, 'page' | 'chunk' | 'boxes' | 'extractor'> {
  return {
    page: source.page,
    chunk: source.chunk,
    boxes: [...source.boxes, ...target.boxes],
    extractor: target.extractor,
  }
}
