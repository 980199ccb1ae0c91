import type { Path } from './complete.ts'
import type { EntityFetch, Step } from './plan.ts'
import { ask, errorsOf, type Run } from './run.ts'
import { isTree, mergeTree, type Tree } from './tree.ts'

/**
 * Asks a subgraph for the part it knows of entities that other subgraphs have named: each one once, however often it stands in the
 * answer, all of them in one request.
 */
export async function fetchEntities(step: Extract<Step, { kind: 'entities' }>, run: Run): Promise<void> {
  const asked = step.batches.map((batch) => gather(batch, run.data))
  if (asked.every((part) => part.representations.length === 0)) return
  const variables: Tree = {}
  for (const { batch, representations } of asked) variables[batch.variable] = representations
  const result = await ask(step.operation, run, { variables, place: () => firstPlace(asked, run.data) })
  if (!result) return
  const { subgraph } = step.operation
  const failed = new Set<string>()
  for (const error of errorsOf(result)) {
    const part = asked.find(({ batch }) => batch.alias === error.path?.[0])
    const index = error.path?.[1]
    const places = part && typeof index === 'number' ? placesOf(part, index, run.data) : [firstPlace(asked, run.data)]
    const inside = part && typeof index === 'number' ? (error.path?.slice(2) ?? []) : []
    failed.add(`${part?.batch.alias} ${index}`)
    for (const place of places) run.fail({ error, subgraph, path: [...place, ...inside], renames: step.renames })
  }
  for (const part of asked) spread(part, { entities: result.data?.[part.batch.alias], failed, run })
}

interface Asked {
  batch: EntityFetch
  representations: Tree[]
  /** The places in the answer, and beside each the representation it was asked under. */
  targets: Tree[]
  indexes: number[]
}

function gather(batch: EntityFetch, data: Tree): Asked {
  const asked: Asked = { batch, representations: [], targets: [], indexes: [] }
  const known = new Map<string, number>()
  const visit = (entity: Tree): void => {
    const representation = batch.represent(entity)
    if (!representation) return
    const identity = JSON.stringify(representation)
    let index = known.get(identity)
    if (index === undefined) {
      index = asked.representations.length
      known.set(identity, index)
      for (const rewrite of batch.inputRewrites) rewrite(representation)
      asked.representations.push(representation)
    }
    asked.targets.push(entity)
    asked.indexes.push(index)
  }
  for (const walk of batch.walks) walk(data, visit)
  return asked
}

function spread(
  part: Asked,
  { entities, failed, run }: { entities: unknown; failed: ReadonlySet<string>; run: Run },
): void {
  if (!Array.isArray(entities)) return
  const { batch, targets, indexes } = part
  const taken = new Set<number>()
  for (const [index, entity] of entities.entries()) {
    if (isTree(entity)) for (const rewrite of batch.outputRewrites) rewrite(entity)
    else if (!failed.has(`${batch.alias} ${index}`)) run.forgive()
  }
  for (const [position, target] of targets.entries()) {
    const index = indexes[position] ?? -1
    const entity: unknown = entities[index]
    if (!isTree(entity)) continue
    mergeTree(target, entity, !taken.has(index))
    taken.add(index)
  }
}

/** Every place in the answer where the entity of a representation stands; looked up only when something went wrong with it. */
function placesOf({ batch, targets, indexes }: Asked, index: number, data: Tree): Path[] {
  const wanted = new Set(targets.filter((_, position) => indexes[position] === index))
  const places: Path[] = []
  for (const walk of batch.walks) {
    walk(data, (entity, trail) => (trail && wanted.has(entity) ? places.push([...trail]) : undefined), [])
  }
  return places
}

function firstPlace(asked: readonly Asked[], data: Tree): Path {
  const part = asked.find(({ representations }) => representations.length > 0)
  return (part && placesOf(part, 0, data)[0]) ?? []
}
