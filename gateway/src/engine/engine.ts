import { QueryPlanner } from '@graphql-hive/router-query-planner'
import { GraphQLError, getVariableValues, type ExecutionResult, type GraphQLSchema } from 'graphql'
import { answerOf, startRun, type Answering } from './answer.ts'
import { mapEvents } from './events.ts'
import { toClientError, type OnFailure } from './failures.ts'
import { introspect } from './introspection.ts'
import type { Operation } from './operation.ts'
import type { SubscriptionPlan } from './plan.ts'
import { createPreparation, type Variant } from './prepare.ts'
import { isStream, send } from './run.ts'
import { carryOut, takeRoot } from './steps.ts'
import type { Executor } from './subgraph-request.ts'
import { readSupergraph } from './supergraph.ts'
import { mergeTree } from './tree.ts'

export interface Engine {
  apiSchema: GraphQLSchema
  /** Answers a query or a mutation. Rejects only with the signal's reason; all else that goes wrong is in the answer's errors. */
  execute(operation: Operation): Promise<ExecutionResult>
  /** Opens a subscription: its events, or an answer that says why there are none. Every event is answered afresh. */
  subscribe(operation: Operation): Promise<ExecutionResult | EventStream>
}

/** `return()` ends it at once, also while an event is awaited. */
export type EventStream = AsyncGenerator<ExecutionResult, undefined, undefined>

export interface EngineOptions {
  supergraphSdl: string
  /** One per subgraph, by its name in the supergraph. */
  executors: Readonly<Record<string, Executor>>
  /** Hears of every failure that the client is not told about. */
  onFailure: OnFailure
}

/** Opens the engine that plans operations of the federated graph, runs their plans on the subgraphs, and gives answers their form. */
export function openEngine({ supergraphSdl, executors, onFailure }: EngineOptions): Engine {
  const supergraph = readSupergraph(supergraphSdl)
  const { apiSchema } = supergraph
  const prepare = createPreparation(supergraph, new QueryPlanner(supergraphSdl))

  /** What is needed to answer the operation, or the answer that refuses it. */
  const begin = async (operation: Operation): Promise<Begun | ExecutionResult> => {
    const { document, operationName, requestId } = operation
    const prepared = prepare(document, operationName ?? undefined)
    if (!prepared) return { errors: [unknownOperation(operationName)] }
    const given = getVariableValues(
      apiSchema,
      prepared.operation.variableDefinitions ?? [],
      operation.variables ?? {},
      { maxErrors: 20 },
    )
    if (given.errors) return { errors: given.errors.map(asBadInput) }
    const variables = given.coerced
    try {
      const variant = await prepared.variantFor(variables)
      return { variant, variables, start: () => startRun({ operation, variables, variant, executors, onFailure }) }
    } catch (error) {
      return { errors: [toClientError({ error, subgraph: null, path: [], requestId }, onFailure)] }
    }
  }

  return {
    apiSchema,
    async execute(operation) {
      const begun = await begin(operation)
      if (!('variant' in begun)) return begun
      const { variant, variables, start } = begun
      if (variant.subscription)
        return { errors: [badInput('A subscription is not answered like a query; open it over WebSocket.')] }
      const run = start()
      if (variant.step) await abortable(carryOut(variant.step, run), operation.signal)
      const { introspection: document } = variant
      if (document) mergeTree(run.data, await introspect({ apiSchema, document, variables }), true)
      return answerOf(run, variant)
    },
    async subscribe(operation) {
      const begun = await begin(operation)
      if (!('variant' in begun)) return begun
      return begun.variant.subscription
        ? openSubscription(begun.variant.subscription, begun)
        : { errors: [badInput('Only a subscription can be subscribed to.')] }
    },
  }
}

interface Begun {
  variant: Variant
  variables: Record<string, unknown>
  start(): Answering
}

async function openSubscription(
  plan: SubscriptionPlan,
  { variant, start }: Begun,
): Promise<ExecutionResult | EventStream> {
  const run = start()
  const { renames } = plan.source
  const { subgraph } = plan.source.operation
  try {
    const source = await send(plan.source.operation, run)
    if (isStream(source)) {
      const answer = async (event: ExecutionResult): Promise<ExecutionResult> => {
        const later = start()
        takeRoot(plan.source, event, later)
        if (plan.perEvent) await abortable(carryOut(plan.perEvent, later), later.signal)
        return answerOf(later, variant)
      }
      return mapEvents(source, answer, (error) => start().failed({ error, subgraph, path: null, renames }))
    }
    takeRoot(plan.source, source, run)
  } catch (error) {
    run.signal.throwIfAborted()
    run.fail({ error, subgraph, path: null, renames })
  }
  return { errors: run.errors }
}

/** Resolves with the work, or rejects as soon as the signal aborts, whatever the work still waits for. */
async function abortable(work: Promise<void>, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([work, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
    work.catch(() => undefined)
  }
}

function unknownOperation(name: string | null | undefined): GraphQLError {
  return badInput(
    name
      ? `The document has no operation named ${name}.`
      : 'The document has several operations: say which one by operationName.',
  )
}

function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } })
}

function asBadInput(error: GraphQLError): GraphQLError {
  return new GraphQLError(error.message, { nodes: error.nodes, extensions: { code: 'BAD_USER_INPUT' } })
}
