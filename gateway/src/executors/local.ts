import {
  createSourceEventStream,
  validate,
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLSchema,
} from 'graphql'
import { execute } from '@graphql-tools/executor'
import { mapEvents } from '../engine/events.ts'
import type { Executor, SubgraphRequest } from '../engine/subgraph-request.ts'
import { resolvingExecutor } from './observed.ts'

/**
 * Reaches a subgraph of this process by a function call. Every request, and every event of a subscription, is answered in a context of
 * its own, so that no loader outlives an answer. What a plan asks is validated once.
 */
export function createLocalExecutor(
  schema: GraphQLSchema,
  createContext: (request: SubgraphRequest) => unknown,
): Executor {
  const faults = new WeakMap<DocumentNode, readonly GraphQLError[]>()
  const faultsOf = (document: DocumentNode): readonly GraphQLError[] => {
    let found = faults.get(document)
    if (!found) faults.set(document, (found = validate(schema, document)))
    return found
  }
  return resolvingExecutor(async (request) => {
    const { document, operationName, variables: variableValues } = request
    const errors = faultsOf(document)
    if (errors.length > 0) return { errors }
    const args = (): ExecutionArgs => ({
      schema,
      document,
      operationName,
      variableValues,
      contextValue: createContext(request),
    })
    // A query that is given up resolves nothing more; a mutation ends what it has begun.
    if (request.kind === 'query') return answer({ ...args(), signal: request.signal })
    if (request.kind === 'mutation') return answer(args())
    const source = await createSourceEventStream(args())
    if (!(Symbol.asyncIterator in source)) return source
    return mapEvents<unknown, ExecutionResult>(source, (rootValue) => answer({ ...args(), rootValue }))
  })
}

/** Not graphql-js's own executor: this one does the same with a quarter less work. */
async function answer(args: ExecutionArgs & { signal?: AbortSignal }): Promise<ExecutionResult> {
  const result = await execute(args)
  if ('initialResult' in result) throw new Error('A subgraph answered in parts, which no plan asks for.')
  return result
}
