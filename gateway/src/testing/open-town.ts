import { printSchema, parse, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { openEngine, type Engine } from '../engine/engine.ts'
import type { Failure } from '../engine/failures.ts'
import type { Executor, SubgraphRequest } from '../engine/subgraph-request.ts'
import { createLocalExecutor } from '../executors/local.ts'
import { toMonolith, toSchema, toSupergraph } from './compose.ts'
import { createRecords, type Records } from './records.ts'
import { createTown, type TestSubgraph } from './town.ts'

export interface Town {
  engine: Engine
  monolith: GraphQLSchema
  records: Records
  supergraphSdl: string
  executors: Record<string, Executor>
  /** What the subgraphs have been asked, in order. */
  requests: SubgraphRequest[]
  failures: Failure[]
  ask(query: string, variables?: Record<string, unknown>): Promise<ExecutionResult>
}

/** The test graph behind an engine, every request to a subgraph noted. `change` may replace subgraphs and executors. */
export function openTown(
  change: { subgraphs?: (records: Records) => TestSubgraph[]; executors?: Record<string, Executor> } = {},
): Town {
  const records = createRecords()
  const subgraphs = (change.subgraphs ?? createTown)(records)
  const requests: SubgraphRequest[] = []
  const failures: Failure[] = []
  const executors: Record<string, Executor> = {}
  for (const subgraph of subgraphs) {
    const local = change.executors?.[subgraph.name] ?? createLocalExecutor(toSchema(subgraph), () => ({}))
    executors[subgraph.name] = (request) => {
      requests.push(request)
      return local(request)
    }
  }
  const supergraphSdl = toSupergraph(subgraphs)
  const engine = openEngine({ supergraphSdl, executors, onFailure: (failure) => failures.push(failure) })
  const monolith = toMonolith(printSchema(engine.apiSchema), subgraphs)
  const ask = (query: string, variables: Record<string, unknown> = {}): Promise<ExecutionResult> =>
    engine.execute({
      document: parse(query),
      variables,
      viewer: null,
      requestId: 'req_1',
      signal: new AbortController().signal,
    })
  return { engine, monolith, records, supergraphSdl, executors, requests, failures, ask }
}
