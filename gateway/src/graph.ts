import { QueryPlanner } from '@graphql-hive/router-query-planner'
import { GraphQLError, getOperationAST, type DocumentNode, type ExecutionResult } from 'graphql'
import { newId } from '@passerelle/platform/ids'
import type { Log } from '@passerelle/platform/log'
import { contractOf, type Contract, type Viewer } from '@passerelle/platform/schema'
import {
  currentRequestId,
  namedOperationSeconds,
  operationSeconds,
  traced,
  underRequest,
} from '@passerelle/platform/telemetry'
import { openEngine, type Engine, type EngineOptions } from './engine/engine.ts'
import type { Operation } from './engine/operation.ts'
import { observedExecutor } from './executors/observed.ts'
import type { Executor } from './engine/subgraph-request.ts'
import { createDocuments, type Documents } from './documents.ts'
import { openLimits, type Limits } from './limits/check.ts'
import type { ListSizes } from './limits/cost.ts'
import { createDeadline, times } from './deadline.ts'

/** The federated graph as some callers see it: the engine that answers them, and what every door for them keeps to. */
export interface PublicGraph extends Engine {
  documents: Documents
  limits: Limits
}

/** The federated graph of one process, as everybody of an organisation sees it. */
export interface Graph extends PublicGraph {
  supergraphSdl: string
  /** The same graph as the callers of each contract see it: nothing else of it exists for them. */
  contracts: Readonly<Record<Contract, PublicGraph>>
  /**
   * Reads the graph with a viewer's rights, within the limits and the time of any query. Rejects with the signal's reason when it aborts,
   * and for a document that is not one valid query: that is a fault of the caller's code.
   */
  readGraph(request: ReadRequest): Promise<ExecutionResult>
}

export interface ReadRequest {
  viewer: Viewer
  document: DocumentNode
  variables?: Record<string, unknown>
  signal?: AbortSignal
}

const nothing = 'type Query { _empty: Boolean }'

/** Opens the graph over the executors of its subgraphs. `log` gets the failures that clients are not told about, whole. */
export function openGraph(options: {
  supergraphSdl: string
  /** What each contract holds; without one there is nothing that its callers could ask. */
  contractSdls?: Partial<Record<Contract, string>>
  executors: Readonly<Record<string, Executor>>
  /** Names of operations that are counted one by one; all others, which clients think of, are counted together. */
  operationNames?: ReadonlySet<string>
  /** Of lists without pages, those that are longer than most. */
  listSizes?: ListSizes
  log: Log
}): Graph {
  const { supergraphSdl, contractSdls = {}, operationNames, listSizes, log } = options
  const executors = Object.fromEntries(
    Object.entries(options.executors).map(([name, executor]) => [name, observedExecutor(name, executor)]),
  )
  const shared: EngineOptions = {
    supergraphSdl,
    planner: new QueryPlanner(supergraphSdl),
    executors,
    onFailure({ error, subgraph, path, requestId }) {
      // What a resolver threw is inside; what came over a wire is itself all that there is.
      const err = error instanceof GraphQLError ? (error.originalError ?? error) : error
      log.error({ err, subgraph, path: path.join('.'), requestId }, 'a field could not be answered')
    },
  }
  const engine = openEngine(shared)
  const isKnown = (name: string): boolean => operationNames?.has(name) ?? false
  const toPublic = (seen: Engine): PublicGraph => toPublicGraph(seen, { isKnown, listSizes })
  const open = toPublic(engine)
  const held = (contract: Contract): PublicGraph =>
    toPublic(openEngine({ ...shared, contractSdl: contractSdls[contract] ?? nothing }))
  return {
    ...open,
    supergraphSdl,
    contracts: { partner: held('partner'), client: held('client') },
    readGraph: createReadGraph(
      open,
      timed(engine.execute, () => true),
    ),
  }
}

/** Reads in the house's own name: such an operation is counted under whatever name it has. */
function createReadGraph({ documents, limits }: PublicGraph, read: Engine['execute']): Graph['readGraph'] {
  return async ({ viewer, document, variables, signal }) => {
    const fault =
      documents.faultsOf(document)[0] ?? limits.check({ document, variables }).faults[0] ?? notQuery(document)
    if (fault) throw fault
    const deadline = createDeadline({ milliseconds: times.query, signal })
    try {
      const requestId = currentRequestId() ?? newId('req')
      return await read({ document, variables, viewer, requestId, signal: deadline.signal })
    } finally {
      deadline.end()
    }
  }
}

/** The graph as this viewer may know it. */
export function seenBy(graph: Graph, viewer: Viewer | null): PublicGraph {
  const contract = contractOf(viewer)
  return contract ? graph.contracts[contract] : graph
}

function toPublicGraph(
  engine: Engine,
  { isKnown, listSizes }: { isKnown(name: string): boolean; listSizes: ListSizes | undefined },
): PublicGraph {
  const limits = openLimits(engine.apiSchema, listSizes)
  return {
    ...engine,
    execute: timed(engine.execute, isKnown),
    subscribe: timed(engine.subscribe, isKnown),
    documents: createDocuments(engine.apiSchema, limits),
    limits,
  }
}

/** Counts an operation by what it is and how it ended, by its name when that is known; what it does is done in its request's name. */
function timed<Answer extends ExecutionResult | AsyncIterable<ExecutionResult>>(
  run: (operation: Operation) => Promise<Answer>,
  isKnown: (name: string) => boolean,
): (operation: Operation) => Promise<Answer> {
  return (operation) => {
    const { document, operationName, requestId } = operation
    const definition = getOperationAST(document, operationName)
    const kind = definition?.operation ?? 'unknown'
    const name = definition?.name && isKnown(definition.name.value) ? definition.name.value : 'other'
    const attributes = { 'passerelle.request_id': requestId, 'graphql.operation.name': name }
    return underRequest(requestId, () =>
      traced(`GraphQL ${kind}`, { attributes }, async () => {
        const since = performance.now()
        let outcome = 'given up'
        try {
          const answer = await run(operation)
          outcome = 'errors' in answer && answer.errors ? 'errors' : 'done'
          return answer
        } finally {
          const seconds = (performance.now() - since) / 1000
          operationSeconds.observe({ kind, outcome }, seconds)
          namedOperationSeconds.observe({ operation: name, outcome }, seconds)
        }
      }),
    )
  }
}

function notQuery(document: DocumentNode): GraphQLError | undefined {
  return getOperationAST(document)?.operation === 'query'
    ? undefined
    : new GraphQLError('The graph is read with a document of one query.')
}
