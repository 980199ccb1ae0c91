import { InvalidInput } from '../schema/refusals.ts'
import { readingVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { loadEntities } from './entities.ts'
import type { GraphEntity, GraphNeighbour, GraphRelation, Neighbourhood, NeighbourQuery } from './graph.ts'
import { compareIds, expand, strongestSteps, type Expansion, type ExpansionOptions, type Step } from './steps.ts'

const maxDepth = 4
const maxNeighbours = 500
/** How many entities of one level the next level starts from, the heaviest. */
const maxFrontier = 100
const levelBudget = { pairs: 2_000, mentions: 20_000, rows: 2_000 }
const startBudget = { ...levelBudget, pairs: 400 }
const relationBudget = { pairs: 4_000, mentions: 20_000, rows: 2_000 }
/** A walk that has taken this long does not begin another level. */
const maxMilliseconds = 2_000

interface Reached extends Step {
  distance: number
}

/** Walks level by level from one entity; see Graph.neighbours. */
export async function findNeighbours(
  engine: CypherEngine,
  organizationId: string,
  query: NeighbourQuery,
): Promise<Neighbourhood> {
  requireBounds(query)
  const run = readingVerbs(engine, organizationId)
  const walked = await walk(run, query)
  const candidates = [...walked.reached.values()].sort(nearestFirst)
  const entities = new Map(
    (
      await loadEntities(
        engine,
        organizationId,
        candidates.map(({ to }) => to),
      )
    ).map((entity) => [entity.id, entity]),
  )
  const wanted = candidates.filter(({ to }) => matches(entities.get(to), query))
  const chosen = wanted.slice(0, query.limit)
  const ids = [query.id, ...chosen.map(({ to }) => to)]
  const among = await expand(run, chosen.length > 0 ? ids : [], {
    ...toFilter(query),
    ...relationBudget,
    among: ids,
  })
  return {
    neighbours: weigh(chosen, among)
      .sort(nearestFirst)
      .flatMap((reached) => toNeighbour(reached, entities.get(reached.to))),
    relations: toRelations(among),
    truncated: walked.truncated || wanted.length > chosen.length || among.truncated,
  }
}

function requireBounds({ depth, limit }: NeighbourQuery): void {
  if (!Number.isInteger(depth) || depth < 1 || depth > maxDepth)
    throw new InvalidInput(`Depth is 1 to ${maxDepth}.`, ['depth'])
  if (!Number.isInteger(limit) || limit < 1 || limit > maxNeighbours)
    throw new InvalidInput(`1 to ${maxNeighbours} neighbours can be asked for.`, ['first'])
}

async function walk(
  run: RunVerb,
  { id, depth, types, ...query }: NeighbourQuery,
): Promise<{ reached: Map<string, Reached>; truncated: boolean }> {
  const reached = new Map<string, Reached>()
  const startedAt = performance.now()
  let truncated = false
  let frontier = [id]
  for (let distance = 1; distance <= depth && frontier.length > 0; distance++) {
    if (performance.now() - startedAt > maxMilliseconds) return { reached, truncated: true }
    const budget = distance === 1 ? startBudget : levelBudget
    const expansion = await expand(run, frontier, {
      ...toFilter(query),
      ...budget,
      ...(distance === depth && types && { types }),
    })
    const level = bestWays(expansion).filter(({ to }) => to !== id && !reached.has(to))
    for (const step of level) reached.set(step.to, { ...step, distance })
    frontier = level.slice(0, maxFrontier).map(({ to }) => to)
    truncated ||= expansion.truncated || (distance < depth && level.length > maxFrontier)
  }
  return { reached, truncated }
}

/** Which steps a walk takes. */
function toFilter({
  relations,
  since,
  until,
}: Pick<NeighbourQuery, 'relations' | 'since' | 'until'>): Pick<ExpansionOptions, 'relations' | 'since' | 'until'> {
  return { ...(relations && { relations }), ...(since && { since }), ...(until && { until }) }
}

/** The heaviest way to each entity, the heaviest first. */
function bestWays({ steps }: Expansion): Step[] {
  const ways = strongestSteps(steps).sort(
    (a, b) => b.weight - a.weight || compareIds(a.to, b.to) || compareIds(a.from, b.from),
  )
  const seen = new Set<string>()
  return ways.filter(({ to }) => !seen.has(to) && seen.add(to))
}

function matches(entity: GraphEntity | undefined, { types }: NeighbourQuery): boolean {
  return entity !== undefined && (!types || types.includes(entity.type))
}

/**
 * A walk sees a sample of a hub's documents, so it may find less in common with a neighbour than the neighbour's own, fewer documents show:
 * the relations among the chosen are read from both ends, and the larger count is the true one.
 */
function weigh(chosen: readonly Reached[], among: Expansion): Reached[] {
  const weights = new Map(strongestSteps(among.steps).map(({ from, to, weight }) => [`${from} ${to}`, weight]))
  return chosen.map((reached) => {
    const { from, to, weight } = reached
    return {
      ...reached,
      weight: Math.max(weight, weights.get(`${from} ${to}`) ?? 0, weights.get(`${to} ${from}`) ?? 0),
    }
  })
}

function nearestFirst(a: Reached, b: Reached): number {
  return a.distance - b.distance || b.weight - a.weight || compareIds(a.to, b.to)
}

function toNeighbour({ from, relation, weight, distance }: Reached, entity: GraphEntity | undefined): GraphNeighbour[] {
  return entity ? [{ entity, relation, weight, distance, via: from }] : []
}

/** Each relation once, whichever of its ends it was read from, the heaviest first. */
function toRelations({ stated }: Expansion): GraphRelation[] {
  const relations = new Map<string, GraphRelation>()
  for (const relation of stated) {
    const key = `${relation.from} ${relation.type} ${relation.to}`
    const other = relations.get(key)
    if (!other || other.weight < relation.weight) relations.set(key, relation)
  }
  const byWeight = (a: GraphRelation, b: GraphRelation) =>
    b.weight - a.weight || compareIds(a.from, b.from) || compareIds(a.to, b.to)
  return [...relations.values()].sort((a, b) => byWeight(a, b) || compareIds(a.type, b.type))
}
