import neo4j, { type Driver } from 'neo4j-driver'
import type { DocumentFacts, Graph } from '@passerelle/platform/graph'
import { openNeo4j } from '@passerelle/platform/graph/neo4j'
import { createLog } from '@passerelle/platform/log'
import { drawNumbers, paper } from './papers.ts'

const nodes = 100_000
const mentionsPerPaper = 50
const walks = 200
const warmUps = 5
const rounds = 8

/**
 * The graph on a real Neo4j (`node tools/engines/with.mjs neo4j -- npm run bench -- neo4j`). First, what a mention costs when papers are written by the
 * port's batched verbs, as many at once as are due together, beside the ways of most tutorials, on the same constraints: a MERGE for each entity. Then the neighbourhood at two steps among 100,000 nodes.
 */
export async function run(): Promise<void> {
  const url = process.env.NEO4J_TEST_URL
  if (!url) throw new Error('NEO4J_TEST_URL is not set: node tools/engines/with.mjs neo4j -- npm run bench -- neo4j')
  const { protocol, host, username, password } = new URL(url)
  const driver = neo4j.driver(`${protocol}//${host}`, neo4j.auth.basic(username, password))
  const graph = openNeo4j({ url, log: createLog({ name: 'bench', level: 'error' }) })
  try {
    await compareWrites(graph, driver)
    await empty(driver)
    await measureWalks(graph)
  } finally {
    await graph.close()
    await empty(driver)
    await driver.close()
  }
}

async function compareWrites(graph: Graph, driver: Driver): Promise<void> {
  const ways: Record<string, (organizationId: string, papers: readonly DocumentFacts[]) => Promise<void>> = {
    ours: (organizationId, papers) => graph.recordDocuments(organizationId, papers),
    'ours, one paper at a time': (organizationId, papers) =>
      oneByOne(papers, (facts) => graph.recordDocument(organizationId, facts)),
    'a MERGE for each entity, and one for each mention': (organizationId, papers) =>
      oneByOne(papers, (facts) => writeEach(driver, [mergeEntity, mergeMention], { organizationId, facts })),
    'a MERGE for each entity with its mention': (organizationId, papers) =>
      oneByOne(papers, (facts) => writeEach(driver, [mergeBoth], { organizationId, facts })),
  }
  for (const [mentions, papers] of [
    [20, 50],
    [200, 8],
    [2_000, 1],
  ] as const) {
    const best = new Map(Object.keys(ways).map((name) => [name, Number.POSITIVE_INFINITY]))
    // In turns, so that all have the same machine, and the best round of each, for what else runs on it only ever slows; the first rounds warm up the
    // engine's plans and its compiler.
    for (let round = 0; round < warmUps + rounds; round++) {
      const drawn = Array.from({ length: papers }, (_, index) =>
        paper(round * papers + index, drawNumbers(mentions, 30_000)),
      )
      for (const [index, [name, write]] of Object.entries(ways).entries()) {
        const startedAt = performance.now()
        await write(`org_${index}_${mentions}`, drawn)
        const milliseconds = performance.now() - startedAt
        if (round >= warmUps) best.set(name, Math.min(best.get(name) ?? milliseconds, milliseconds))
      }
    }
    const ours = best.get('ours') ?? 0
    console.log(`papers of ${mentions} mentions:`)
    for (const [name, milliseconds] of best)
      console.log(
        `  ${name.padEnd(50)} ${String(Math.round((mentions * papers * 1_000) / milliseconds)).padStart(6)} mentions/s  ${(milliseconds / ours).toFixed(1)}×`,
      )
  }
}

async function oneByOne(papers: readonly DocumentFacts[], write: (facts: DocumentFacts) => Promise<void>) {
  for (const facts of papers) await write(facts)
}

const mergeEntity = `
  MERGE (e:Entity {organizationId: $organizationId, id: $id})
  ON CREATE SET e.type = $type, e.kind = $kind, e.key = $key, e.name = $name, e.search = $search, e.aliases = [], e.documents = 0`
const mergeMention = `
  MERGE (d:Document {organizationId: $organizationId, id: $documentId})
  MERGE (e:Entity {organizationId: $organizationId, id: $id})
  MERGE (d)-[m:MENTIONS {organizationId: $organizationId}]->(e)
  ON CREATE SET m += $said, m.boxes = $boxes, e.documents = e.documents + 1`
const mergeBoth = `
  MERGE (d:Document {organizationId: $organizationId, id: $documentId})
  ${mergeEntity}
  MERGE (d)-[m:MENTIONS {organizationId: $organizationId}]->(e)
  ON CREATE SET m += $said, m.boxes = $boxes, e.documents = e.documents + 1`

/** The same facts, one entity after the other, each statement kept by itself. */
async function writeEach(
  driver: Driver,
  statements: readonly string[],
  { organizationId, facts: { documentId, mentions } }: { organizationId: string; facts: DocumentFacts },
): Promise<void> {
  const session = driver.session()
  for (const { id, type, kind, key, name, boxes, ...said } of mentions)
    for (const statement of statements)
      await session.run(statement, {
        organizationId,
        documentId,
        id,
        type,
        kind,
        key,
        name,
        search: `\n${name}\n${key}`.toLowerCase(),
        boxes: JSON.stringify(boxes),
        said,
      })
  await session.close()
}

async function measureWalks(graph: Graph): Promise<void> {
  const organizationId = 'org_bench'
  const startedAt = performance.now()
  const papers = nodes / mentionsPerPaper
  // Every company is in one paper at least, beside others that are in many.
  for (let index = 0; index < papers; index++) {
    const own = Array.from({ length: mentionsPerPaper }, (_, offset) => index * mentionsPerPaper + offset)
    await graph.recordDocument(organizationId, paper(index, [...own, ...drawNumbers(10, nodes)]))
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const { entities } = await graph.statistics(organizationId)
  console.log(`${entities} entities in ${papers} papers, written in ${seconds.toFixed(0)} s`)
  for (const depth of [1, 2]) {
    const spent: number[] = []
    for (let index = 0; index < walks; index++) {
      const begunAt = performance.now()
      await graph.neighbours(organizationId, { id: `ent_${(index * 7_919) % nodes}`, depth, limit: 50 })
      spent.push(performance.now() - begunAt)
    }
    spent.sort((a, b) => a - b)
    const at = (share: number) => (spent[Math.floor(spent.length * share)] ?? 0).toFixed(0)
    console.log(`neighbourhood, ${depth} steps: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`)
  }
}

/** In pieces: what a transaction changes is held in memory, and this engine has little. */
async function empty(driver: Driver): Promise<void> {
  const session = driver.session()
  await session.run('MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 1000 ROWS')
  await session.close()
}
