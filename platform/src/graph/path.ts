import { InvalidInput } from '../schema/refusals.ts'
import { readingVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { loadEntities } from './entities.ts'
import type { GraphPath, PathQuery } from './graph.ts'
import { compareIds, expand, strongestSteps, type Expansion, type Step } from './steps.ts'

const longestPath = 4
const budget = { pairs: 5_000, mentions: 50_000, rows: 5_000 }

/** What one end of the search has reached: for each entity the step that led there (null for the end itself), and the outermost level. */
interface Side {
  reached: Map<string, Step | null>
  frontier: string[]
}

/**
 * Walks from both ends in turn, always the smaller side, until a step joins the two outermost levels: the first such step is on a shortest path. Hubs
 * are followed within a budget; when that leaves something out, the two levels are compared directly, from both sides.
 */
export async function findPath(
  engine: CypherEngine,
  organizationId: string,
  { from, to, maxDepth }: PathQuery,
): Promise<GraphPath | null> {
  if (!Number.isInteger(maxDepth) || maxDepth < 1 || maxDepth > longestPath)
    throw new InvalidInput(`A path has 1 to ${longestPath} steps.`, ['maxDepth'])
  const ends = await loadEntities(engine, organizationId, [from, to])
  if (ends.length < new Set([from, to]).size) return null
  if (from === to) return { entities: ends, relations: [], steps: [] }
  const run = readingVerbs(engine, organizationId)
  const start: Side = { reached: new Map([[from, null]]), frontier: [from] }
  const goal: Side = { reached: new Map([[to, null]]), frontier: [to] }
  for (let length = 1; length <= maxDepth && start.frontier.length > 0 && goal.frontier.length > 0; length++) {
    const [near, far] = start.frontier.length <= goal.frontier.length ? [start, goal] : [goal, start]
    const expansion = await expand(run, near.frontier, budget)
    const joint = findJoint(expansion, far) ?? (expansion.truncated ? await compareLevels(run, near, far) : null)
    if (joint) {
      const step = near === start ? joint : turn(joint)
      return toPath(engine, organizationId, [
        ...stepsTo(start, step.from),
        step,
        ...stepsTo(goal, step.to).map(turn).reverse(),
      ])
    }
    grow(near, expansion)
  }
  return null
}

/** The heaviest step that ends in the outermost level of the far side. */
function findJoint({ steps }: Pick<Expansion, 'steps'>, far: Side): Step | null {
  const level = new Set(far.frontier)
  return heaviestFirst(strongestSteps(steps.filter(({ to }) => level.has(to))))[0] ?? null
}

/** Reads only what joins the two levels, so that a hub's other steps do not use up the budget. */
async function compareLevels(run: RunVerb, near: Side, far: Side): Promise<Step | null> {
  const there = await expand(run, near.frontier, { ...budget, among: far.frontier })
  const back = await expand(run, far.frontier, { ...budget, among: near.frontier })
  return findJoint({ steps: [...there.steps, ...back.steps.map(turn)] }, far)
}

function grow(side: Side, { steps }: Expansion): void {
  const level: string[] = []
  for (const step of heaviestFirst(strongestSteps(steps))) {
    if (side.reached.has(step.to)) continue
    side.reached.set(step.to, step)
    level.push(step.to)
  }
  side.frontier = level
}

function heaviestFirst(steps: Step[]): Step[] {
  return steps.sort((a, b) => b.weight - a.weight || compareIds(a.from, b.from) || compareIds(a.to, b.to))
}

/** The steps that led a side to an entity, from its end outwards. */
function stepsTo(side: Side, id: string): Step[] {
  const steps: Step[] = []
  for (let step = side.reached.get(id); step; step = side.reached.get(step.from)) steps.unshift(step)
  return steps
}

function turn(step: Step): Step {
  return { ...step, from: step.to, to: step.from }
}

async function toPath(engine: CypherEngine, organizationId: string, steps: readonly Step[]): Promise<GraphPath | null> {
  const ids = [...steps.slice(0, 1).map(({ from }) => from), ...steps.map(({ to }) => to)]
  const found = new Map((await loadEntities(engine, organizationId, ids)).map((entity) => [entity.id, entity]))
  const entities = ids.flatMap((id) => found.get(id) ?? [])
  if (entities.length < ids.length) return null
  return {
    entities,
    relations: steps.map(({ relation }) => relation),
    steps: steps.map(({ relation: type, from, to, weight }) => ({ from, to, type, weight })),
  }
}
