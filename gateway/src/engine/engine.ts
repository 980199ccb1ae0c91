import { QueryPlanner } from '@graphql-hive/router-query-planner'
import type { ExecutionResult, GraphQLSchema } from 'graphql'
import { abortable } from './abortable.ts'
import { answerOf } from './answer.ts'
import { badInput, createBegin } from './begin.ts'
import type { OnFailure } from './failures.ts'
import { introspect } from './introspection.ts'
import type { Operation } from './operation.ts'
import { carryOut } from './steps.ts'
import type { Executor } from './subgraph-request.ts'
import { openSubscription, type EventStream } from './subscription.ts'
import { readSupergraph } from './supergraph.ts'
import { mergeTree } from './tree.ts'

export interface Engine {
  apiSchema: GraphQLSchema
  /** Answers a query or a mutation. Rejects only with the signal's reason; all else that goes wrong is in the answer's errors. */
  execute(operation: Operation): Promise<ExecutionResult>
  /** Opens a subscription: its events, or an answer that says why there are none. Every event is answered afresh. */
  subscribe(operation: Operation): Promise<ExecutionResult | EventStream>
}

export interface EngineOptions {
  supergraphSdl: string
  /** The part of the graph that clients see, as SDL; all that is public unless given. */
  contractSdl?: string | undefined
  /** One that another engine of the same supergraph has; planning knows of no contract. */
  planner?: QueryPlanner
  /** One per subgraph, by its name in the supergraph. */
  executors: Readonly<Record<string, Executor>>
  /** Hears of every failure that the client is not told about. */
  onFailure: OnFailure
}

/** Opens the engine that plans operations of the federated graph, runs their plans on the subgraphs, and gives answers their form. */
export function openEngine(options: EngineOptions): Engine {
  const { supergraphSdl, contractSdl, executors, onFailure, planner = new QueryPlanner(supergraphSdl) } = options
  const supergraph = readSupergraph(supergraphSdl, contractSdl)
  const { apiSchema } = supergraph
  const begin = createBegin({ supergraph, planner, executors, onFailure })
  return {
    apiSchema,
    async execute(operation) {
      const begun = await begin(operation)
      if (!('variant' in begun)) return begun
      const { variant, variables, start } = begun
      if (variant.subscription)
        return { errors: [badInput('A subscription is opened over WebSocket, not asked once.')] }
      const run = start()
      if (variant.step) await abortable(carryOut(variant.step, run), operation.signal)
      const { introspection: document } = variant
      if (document) mergeTree(run.data, await introspect({ apiSchema, document, variables }), true)
      return answerOf(run, variant)
    },
    async subscribe(operation) {
      const begun = await begin(operation)
      if (!('variant' in begun)) return begun
      const plan = begun.variant.subscription
      return plan ? openSubscription(plan, begun) : { errors: [badInput('Only a subscription can be subscribed to.')] }
    },
  }
}
