import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import type { Graph } from '@passerelle/platform/graph'
import { openGrafeo } from '@passerelle/platform/graph/grafeo'
import { createLog } from '@passerelle/platform/log'
import { drawNumbers, paper } from './papers.ts'

const documents = 10_000
const mentionsPerDocument = 20
const entities = 30_000
const town = 0
const organizationId = 'org_bench'

/**
 * Writing and walking a graph of 10,000 documents that all mention one town (`npm run bench -- graph`). A call's time, its share of the processor, and the
 * longest the event loop was held meanwhile, which is what everybody else of the process feels; the first line shows what the machine itself holds.
 */
export async function run(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-bench-'))
  const graph = await openGrafeo({
    path: join(folder, 'graph.grafeo'),
    log: createLog({ name: 'bench', level: 'error' }),
  })
  try {
    await measure('nothing, for 10 ms', 100, () => setTimeout(10))
    await measure('write a document of 20 mentions', documents, (index) =>
      graph.recordDocument(organizationId, paper(index, [town, ...drawNumbers(mentionsPerDocument - 1, entities)])),
    )
    await measure('write a document of 2,000 mentions', 5, (index) =>
      graph.recordDocument(organizationId, paper(documents + index, range(index * 500, 2_000))),
    )
    await measureWalks(graph)
  } finally {
    await graph.close()
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureWalks(graph: Graph): Promise<void> {
  const some = (index: number) => `ent_${1_000 + index * 97}`
  for (const depth of [1, 2, 4]) {
    await measure(`neighbours of an entity, depth ${depth}`, 50, (index) =>
      graph.neighbours(organizationId, { id: some(index), depth, limit: 50 }),
    )
    await measure(`neighbours of the town, depth ${depth}`, 20, () =>
      graph.neighbours(organizationId, { id: `ent_${town}`, depth, limit: 50 }),
    )
  }
  await measure('path between two entities', 50, (index) =>
    graph.path(organizationId, { from: some(index), to: some(index + 60), maxDepth: 4 }),
  )
  for (const [name, id] of [
    ['an entity', some(1)],
    ['the town', `ent_${town}`],
  ] as const) {
    await measure(`co-mentions of ${name}`, 20, () => graph.coMentions(organizationId, { id, limit: 20 }))
    await measure(`timeline of ${name}`, 20, () => graph.timeline(organizationId, { id, limit: 20 }))
    await measure(`activity of ${name}`, 20, () => graph.activity(organizationId, { id }))
  }
  const relations = [{ from: `ent_${town}`, to: some(1), type: 'RELATED_TO' }]
  await measure('sources of a relation to the town', 20, () =>
    graph.relationSources(organizationId, { relations, limit: 5 }),
  )
  await measure('statistics', 10, () => graph.statistics(organizationId))
  await measure('search by name', 50, (index) =>
    graph.findEntities(organizationId, { search: `société ${1_000 + index}`, limit: 20, offset: 0 }),
  )
  await measure('list the best known', 50, (index) =>
    graph.findEntities(organizationId, { limit: 20, offset: index * 20 }),
  )
}

async function measure(name: string, times: number, call: (index: number) => Promise<unknown>): Promise<void> {
  const loop = monitorEventLoopDelay({ resolution: 1 })
  const spent: number[] = []
  const before = process.cpuUsage()
  loop.enable()
  for (let index = 0; index < times; index++) {
    const startedAt = performance.now()
    await call(index)
    spent.push(performance.now() - startedAt)
  }
  loop.disable()
  const { user, system } = process.cpuUsage(before)
  const cpu = ((user + system) / 1_000 / times).toFixed(1).padStart(6)
  const sorted = spent.sort((a, b) => a - b)
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1).padStart(7)
  const held = (loop.max / 1e6).toFixed(1)
  console.log(
    `${name.padEnd(38)} p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   ${cpu} ms CPU   event loop held ${held} ms at most`,
  )
}

function range(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, offset) => from + offset)
}
