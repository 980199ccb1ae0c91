import type { QueryPlanner } from '@graphql-hive/router-query-planner'
import { GraphQLError, getVariableValues, type ExecutionResult } from 'graphql'
import { startRun, type Answering } from './answer.ts'
import { toClientError, type OnFailure } from './failures.ts'
import type { Operation } from './operation.ts'
import { createPreparation, type Variant } from './prepare.ts'
import type { Executor } from './subgraph-request.ts'
import type { Supergraph } from './supergraph.ts'

/** An operation whose plan and variables are there. */
export interface Begun {
  variant: Variant
  variables: Record<string, unknown>
  /** A run with nothing gathered yet: one for an answer, one for each event. */
  start(): Answering
}

export interface Beginning {
  supergraph: Supergraph
  planner: QueryPlanner
  executors: Readonly<Record<string, Executor>>
  onFailure: OnFailure
}

/** Faults of variables that are told: each message begins with the whole value, however large that is. */
const MOST_ERRORS = 5

/** Finds what is needed to answer an operation, or the answer that refuses it. */
export function createBegin({ supergraph, planner, executors, onFailure }: Beginning) {
  const prepare = createPreparation(supergraph, planner)
  return async (operation: Operation): Promise<Begun | ExecutionResult> => {
    const { document, operationName, requestId } = operation
    const prepared = prepare(document, operationName ?? undefined)
    if (!prepared) return { errors: [unknownOperation(operationName)] }
    const definitions = prepared.operation.variableDefinitions ?? []
    const given = getVariableValues(supergraph.apiSchema, definitions, operation.variables ?? {}, {
      maxErrors: MOST_ERRORS,
    })
    if (given.errors) return { errors: given.errors.map(({ message, nodes }) => badInput(message, nodes)) }
    const variables = given.coerced
    try {
      const variant = await prepared.variantFor(variables)
      return { variant, variables, start: () => startRun({ operation, variables, variant, executors, onFailure }) }
    } catch (error) {
      return { errors: [toClientError({ error, subgraph: null, path: [], requestId }, onFailure)] }
    }
  }
}

/** What the client can put right. */
export function badInput(message: string, nodes?: GraphQLError['nodes']): GraphQLError {
  return new GraphQLError(message, { nodes, extensions: { code: 'BAD_USER_INPUT' } })
}

function unknownOperation(name: string | null | undefined): GraphQLError {
  return badInput(
    name
      ? `The document has no operation named ${name}.`
      : 'The document has several operations: say which one by operationName.',
  )
}
