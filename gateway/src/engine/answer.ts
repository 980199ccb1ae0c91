import type { ExecutionResult, GraphQLError } from 'graphql'
import { complete, type Path } from './complete.ts'
import type { Operation } from './operation.ts'
import { masked, toClientError, type OnFailure } from './failures.ts'
import type { Renames } from './plan.ts'
import type { Variant } from './prepare.ts'
import type { Run, SubgraphFailure } from './run.ts'
import type { Executor } from './subgraph-request.ts'

/** A run that collects errors in the client's terms. */
export interface Answering extends Run {
  errors: GraphQLError[]
  /** Something is known to be missing: an error says so, or an entity turned out not to exist. */
  explained: boolean
  /** A failure of a subgraph as the client may see it. */
  failed(failure: SubgraphFailure): GraphQLError
}

/** More errors than this tell a client nothing new. */
const MOST_ERRORS = 100

export function startRun(given: {
  operation: Operation
  variables: Record<string, unknown>
  variant: Variant
  executors: Readonly<Record<string, Executor>>
  onFailure: OnFailure
}): Answering {
  const { operation, variables, variant, executors, onFailure } = given
  const { viewer, requestId, caller, signal } = operation
  const run: Answering = {
    data: {},
    errors: [],
    explained: false,
    variables,
    viewer,
    requestId,
    caller,
    signal,
    executors,
    failed({ error, subgraph, path, renames }) {
      return toClientError(
        { error, subgraph, path: toClientPath(path ?? [], variant.clientKeys, renames), requestId },
        onFailure,
      )
    },
    fail(failure) {
      run.explained = true
      if (run.errors.length < MOST_ERRORS) run.errors.push(run.failed(failure))
    },
    forgive() {
      run.explained = true
    },
  }
  return run
}

/** The answer to the client: what the run has gathered in the form that was asked for, with the errors. */
export function answerOf(run: Answering, variant: Variant): ExecutionResult {
  const missing: GraphQLError[] = []
  const data = complete(run.data, variant.shape, (path, coordinate) => {
    if (!run.explained && missing.length < MOST_ERRORS) missing.push(nothingThere(path, coordinate, run.requestId))
  })
  if (data === null && run.errors.length === 0 && missing.length === 0)
    missing.push(nothingThere([], variant.shape.typename, run.requestId))
  const errors = [...run.errors, ...missing]
  return errors.length > 0 ? { data, errors } : { data }
}

function nothingThere(path: Path, coordinate: string, requestId: string): GraphQLError {
  return masked(`Cannot return null for non-nullable field ${coordinate}.`, { path, requestId })
}

/** Gives a place in the plan's terms the client's names; it ends where the client asked no further. */
function toClientPath(path: Path, clientKeys: ReadonlyMap<string, string>, renames: Renames): Path {
  const place: Path = []
  for (const segment of path) {
    const name = typeof segment === 'number' ? segment : clientKeys.get(renames.get(segment) ?? segment)
    if (name === undefined) break
    place.push(name)
  }
  return place
}
