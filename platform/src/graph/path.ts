import { InvalidInput } from '../schema/refusals.ts'
import { readingVerbs, type CypherEngine, type RunVerb } from './engine.ts'
import { loadEntities } from './entities.ts'
import type { GraphPath, PathQuery } from './graph.ts'
import { compareIds, expand, strongestSteps, type Step } from './steps.ts'

const longestPath = 4
const budget = { pairs: 10_000, mentions: 100_000, rows: 5_000 }

/** What one end of the search has reached: for each entity the step that led there (null for the end itself), and the outermost level. */
interface Side {
  reached: Map<string, Step | null>
  frontier: string[]
}

/**
 * Walks from both ends in turn, always the smaller side, until a step joins the two outermost levels: the first such step is on a shortest path. Hubs
 * are followed within a budget, from both sides, so that a link that one side's sample misses is seen from the other.
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
  if (from === to) return { entities: ends, relations: [] }
  const run = readingVerbs(engine, organizationId)
  const start: Side = { reached: new Map([[from, null]]), frontier: [from] }
  const goal: Side = { reached: new Map([[to, null]]), frontier: [to] }
  for (let length = 1; length <= maxDepth; length++) {
    const joint = await findJoint(run, start, goal)
    if (joint)
      return toPath(engine, organizationId, [
        ...stepsTo(start, joint.from),
        joint,
        ...stepsTo(goal, joint.to).map(turn).reverse(),
      ])
    if (length < maxDepth) await grow(run, start.frontier.length <= goal.frontier.length ? start : goal)
    if (start.frontier.length === 0 || goal.frontier.length === 0) return null
  }
  return null
}

/** The heaviest step from the start's outermost level to the goal's. */
async function findJoint(run: RunVerb, start: Side, goal: Side): Promise<Step | null> {
  const there = await expand(run, start.frontier, { ...budget, among: goal.frontier })
  const back = there.truncated ? await expand(run, goal.frontier, { ...budget, among: start.frontier }) : { steps: [] }
  return heaviestFirst(strongestSteps([...there.steps, ...back.steps.map(turn)]))[0] ?? null
}

async function grow(run: RunVerb, side: Side): Promise<void> {
  const { steps } = await expand(run, side.frontier, budget)
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
  return entities.length === ids.length ? { entities, relations: steps.map(({ relation }) => relation) } : null
}
