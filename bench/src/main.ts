/**
 * Runs one benchmark and its peers side by side: `npm run bench -- gateway`. Figures are of this machine and this hour; what counts is the
 * ratio within one run.
 */
const benches: Record<string, () => Promise<{ run(args: readonly string[]): Promise<void> }>> = {
  abuse: () => import('./abuse/abuse.bench.ts'),
  ask: () => import('./ask.ts'),
  gateway: () => import('./gateway/gateway.bench.ts'),
  'gateway-http': () => import('./gateway/http.bench.ts'),
  graph: () => import('./graph/graph.bench.ts'),
  ingestion: () => import('./ingestion/ingestion.bench.ts'),
  neo4j: () => import('./graph/neo4j.bench.ts'),
  live: () => import('./live/live.bench.ts'),
  reading: () => import('./reading/reading.bench.ts'),
  retrieval: () => import('./retrieval/retrieval.bench.ts'),
  sealing: () => import('./sealing/sealing.bench.ts'),
  search: () => import('./search/search.bench.ts'),
  semaphore: () => import('./semaphore/semaphore.bench.ts'),
}

const [name = '', ...args] = process.argv.slice(2)
const load = benches[name]
if (load) await (await load()).run(args)
else {
  console.error(`Say which benchmark: ${Object.keys(benches).join(', ')}.`)
  process.exitCode = 1
}
