import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** Figures of this process. Their labels are names of ours alone: no organisation, person, id or text ever becomes one. */
const registry = new Registry()
collectDefaultMetrics({ register: registry, prefix: 'passerelle_' })

const registers = [registry]
/** From a row of PostgreSQL to a page of OCR, in seconds. */
const workBuckets = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300]

export type Outcome = 'done' | 'failed'

export const httpSeconds = new Histogram({
  name: 'passerelle_http_request_seconds',
  help: 'Time to answer a request over HTTP, by the door it came to.',
  labelNames: ['door', 'status'] as const,
  buckets: workBuckets,
  registers,
})

export const operationSeconds = new Histogram({
  name: 'passerelle_operation_seconds',
  help: 'Time to answer a GraphQL operation. A subscription counts once, when it is opened.',
  labelNames: ['kind', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

/** Few buckets: there is a row of them for each operation of the web application. */
export const namedOperationSeconds = new Histogram({
  name: 'passerelle_named_operation_seconds',
  help: 'Time to answer a GraphQL operation, by its name where it is one of the house; all others are other.',
  labelNames: ['operation', 'outcome'] as const,
  buckets: [0.03, 0.1, 0.3, 1, 3, 10],
  registers,
})

export const operationCost = new Histogram({
  name: 'passerelle_operation_cost_points',
  help: 'Points that an operation costs: one, and one for each object that it may return, ten for each field that writes.',
  labelNames: ['kind'] as const,
  buckets: [3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 25_000],
  registers,
})

export const refusedOperations = new Counter({
  name: 'passerelle_refused_operations_total',
  help: 'Errors that were told to clients, by the door and by what was beyond its limit, or the code of the refusal.',
  labelNames: ['door', 'reason'] as const,
  registers,
})

export const resolverSeconds = new Histogram({
  name: 'passerelle_resolver_seconds',
  help: 'Time that the resolvers of a subgraph take for a request, told by the process in which they run.',
  labelNames: ['subgraph', 'kind', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

export const subgraphSeconds = new Histogram({
  name: 'passerelle_subgraph_request_seconds',
  help: 'Time of a request to the subgraph that owns the fields, the way there and back included, told by whoever asks.',
  labelNames: ['subgraph', 'kind', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

export const liveConnections = new Gauge({
  name: 'passerelle_live_connections',
  help: 'WebSocket connections that are open.',
  registers,
})

export const engineSeconds = new Histogram({
  name: 'passerelle_engine_seconds',
  help: 'Time of a verb of an engine: sql, graph, vectors, coordination, blobs, mail.',
  labelNames: ['engine', 'verb', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

export const jobSeconds = new Histogram({
  name: 'passerelle_job_seconds',
  help: 'Time of a run of a durable job. A run that failed is tried again.',
  labelNames: ['queue', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

export const stageSeconds = new Histogram({
  name: 'passerelle_ingestion_stage_seconds',
  help: 'Time of a stage of reading a document.',
  labelNames: ['stage', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

export const modelWaitSeconds = new Histogram({
  name: 'passerelle_model_wait_seconds',
  help: 'Time that calls of models waited in the inference queue.',
  labelNames: ['kind'] as const,
  buckets: workBuckets,
  registers,
})

export const modelSeconds = new Histogram({
  name: 'passerelle_model_call_seconds',
  help: 'Time of calls of models after their wait.',
  labelNames: ['kind', 'provider', 'outcome'] as const,
  buckets: workBuckets,
  registers,
})

export const modelTokens = new Counter({
  name: 'passerelle_model_tokens_total',
  help: 'Tokens that models read and wrote.',
  labelNames: ['provider', 'direction'] as const,
  registers,
})

/** Makes a figure that is looked up whenever somebody asks; one that cannot be found out is left out. */
export function gaugeOf<Label extends string>(
  { name, help, labels = [] }: { name: string; help: string; labels?: readonly Label[] },
  read: () => Promise<readonly { value: number; labels?: Partial<Record<Label, string>> }[]>,
): void {
  registry.removeSingleMetric(name)
  new Gauge({
    name,
    help,
    labelNames: labels,
    registers,
    async collect() {
      this.reset()
      const found = await read().catch(() => [])
      for (const { value, labels: of = {} } of found) this.set(of as Record<Label, string>, value)
    },
  })
}

/** All figures in Prometheus' text form. */
export async function renderMetrics(): Promise<{ contentType: string; text: string }> {
  return { contentType: registry.contentType, text: await registry.metrics() }
}
