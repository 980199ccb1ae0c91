import type { RunVerb } from './engine.ts'
import type { EntityType, Period } from './graph.ts'
import { toBounds } from './provenance.ts'

/** One step of a walk: `to` is reached from `from` over `relation`, which `stated` gives in its own direction. */
export interface Step {
  from: string
  to: string
  relation: string
  weight: number
}

/** A relation as it is stated, from its start to its end; documents in common have no direction and go from the smaller id. */
export interface Stated {
  from: string
  to: string
  type: string
  weight: number
}

export interface Expansion {
  steps: Step[]
  stated: Stated[]
  truncated: boolean
}

export interface ExpansionOptions extends Period {
  /** Keep only steps over these relations. */
  relations?: readonly string[]
  /** Keep only steps to entities of these types. */
  types?: readonly EntityType[]
  /** Keep only steps to these entities. */
  among?: readonly string[]
  /** How many (entity, document) pairs are followed, shared by the entities; at least one each. */
  pairs: number
  /** How many mentions of those documents are read. */
  mentions: number
  /** How many steps are kept, the heaviest. */
  rows: number
}

export const coMention = 'RELATED_TO'

const nothing: Expansion = { steps: [], stated: [], truncated: false }

/**
 * Every step from the given entities, within bounds that do not depend on the data: of an entity in many documents those that mention it most
 * are followed. Two calls to the engine for common documents, one for relations.
 */
export async function expand(run: RunVerb, ids: readonly string[], options: ExpansionOptions): Promise<Expansion> {
  if (ids.length === 0) return nothing
  const [common, related] = await Promise.all([expandDocuments(run, ids, options), expandRelations(run, ids, options)])
  return {
    steps: [...related.steps, ...common.steps],
    stated: [...related.stated, ...common.stated],
    truncated: common.truncated || related.truncated,
  }
}

async function expandDocuments(run: RunVerb, ids: readonly string[], options: ExpansionOptions): Promise<Expansion> {
  if (options.relations && !options.relations.includes(coMention)) return nothing
  const perEntity = Math.max(1, Math.floor(options.pairs / ids.length))
  const found = await run('find_documents_of_entities', { ids, perEntity, ...toBounds(options) })
  const { pairs, complete } = withinBudget(found, options.mentions)
  const truncated = !complete || found.some(({ documents }) => documents > perEntity)
  if (pairs.length === 0) return { steps: [], stated: [], truncated }
  const { types = null, among = null, rows: limit } = options
  const rows = await run('find_co_mentions', { pairs, types, among, limit })
  return {
    steps: rows.map((row) => ({ ...row, relation: coMention })),
    stated: rows.map(({ from, to, weight }) =>
      from < to ? { from, to, type: coMention, weight } : { from: to, to: from, type: coMention, weight },
    ),
    truncated: truncated || rows.length === limit,
  }
}

async function expandRelations(run: RunVerb, ids: readonly string[], options: ExpansionOptions): Promise<Expansion> {
  const { types = null, among = null, relations = null, rows: limit } = options
  const rows = await run('find_relations', { ids, types, among, relations, ...toBounds(options), limit })
  return {
    steps: rows.map(({ id, from, to, type, weight }) => ({
      from: id,
      to: id === from ? to : from,
      relation: type,
      weight,
    })),
    stated: rows.map(({ from, to, type, weight }) => ({ from, to, type, weight })),
    truncated: rows.length === limit,
  }
}

interface Pair {
  entityId: string
  documentId: string
}

/** Takes each entity's best document, then each one's second, and so on until the mentions to read exceed the budget. */
function withinBudget(
  found: readonly (Pair & { mentions: number })[],
  budget: number,
): { pairs: Pair[]; complete: boolean } {
  const rankOf = new Map<string, number>()
  const ranked = found.map((row) => {
    const rank = rankOf.get(row.entityId) ?? 0
    rankOf.set(row.entityId, rank + 1)
    return { row, rank }
  })
  ranked.sort((a, b) => a.rank - b.rank || compareIds(a.row.entityId, b.row.entityId))
  const pairs: Pair[] = []
  let read = 0
  for (const { row } of ranked) {
    read += row.mentions
    if (read > budget && pairs.length > 0) return { pairs, complete: false }
    pairs.push({ entityId: row.entityId, documentId: row.documentId })
  }
  return { pairs, complete: true }
}

/** The best way over each pair of ends: a stated relation names it, whatever is heavier weighs it. */
export function strongestSteps(steps: readonly Step[]): Step[] {
  const best = new Map<string, Step>()
  for (const step of steps) {
    const key = `${step.from} ${step.to}`
    const other = best.get(key)
    best.set(key, other ? stronger(other, step) : step)
  }
  return [...best.values()]
}

function stronger(a: Step, b: Step): Step {
  const aStated = a.relation !== coMention
  const bStated = b.relation !== coMention
  const weight = Math.max(a.weight, b.weight)
  if (aStated !== bStated) return { ...(aStated ? a : b), weight }
  if (a.weight !== b.weight) return a.weight > b.weight ? a : b
  return a.relation <= b.relation ? a : b
}

/** Order of ids that does not depend on the machine's language. */
export function compareIds(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
