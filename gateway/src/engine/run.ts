import type { ExecutionResult } from 'graphql'
import type { Viewer } from '@passerelle/platform/schema'
import type { SubgraphError } from './failures.ts'
import type { Path } from './complete.ts'
import type { Renames, SubgraphOperation } from './plan.ts'
import type { Executor, SubgraphAnswer } from './subgraph-request.ts'
import type { Tree } from './tree.ts'

/** One execution of a plan: who asks, what has been gathered, what went wrong. */
export interface Run {
  data: Tree
  variables: Record<string, unknown>
  viewer: Viewer | null
  requestId: string
  caller?: string | undefined
  signal: AbortSignal
  executors: Readonly<Record<string, Executor>>
  /** Notes a failure of a subgraph. */
  fail(failure: SubgraphFailure): void
  /** A subgraph does not know an entity that another one refers to. What is missing then needs no error. */
  forgive(): void
}

export interface SubgraphFailure {
  error: unknown
  subgraph: string
  /** In the plan's names; null when the failure has no place of its own. */
  path: Path | null
  renames: Renames
}

export function errorsOf(result: ExecutionResult): readonly SubgraphError[] {
  return result.errors ?? []
}

/** Sends an operation to its subgraph. Null when it could not be answered at all, which is then noted at `place`. */
export async function ask(
  operation: SubgraphOperation,
  run: Run,
  extra?: { variables: Tree; place: () => Path },
): Promise<ExecutionResult | null> {
  const place = extra ? extra.place : () => null
  try {
    const answer = await send(operation, run, extra?.variables)
    if (isStream(answer)) throw new Error(`${operation.subgraph} answered a ${operation.kind} with a stream.`)
    return answer
  } catch (error) {
    run.signal.throwIfAborted()
    run.fail({ error, subgraph: operation.subgraph, path: place(), renames: new Map() })
    return null
  }
}

/** Sends an operation and gives back whatever comes: an answer, or the events of a subscription. Throws what the executor throws. */
export async function send(operation: SubgraphOperation, run: Run, extraVariables?: Tree): Promise<SubgraphAnswer> {
  run.signal.throwIfAborted()
  const { subgraph, kind, text, document, operationName } = operation
  const executor = run.executors[subgraph]
  if (!executor) throw new Error(`No executor was given for the subgraph ${subgraph}.`)
  const variables: Tree = { ...extraVariables }
  for (const name of operation.variables) if (name in run.variables) variables[name] = run.variables[name]
  const { viewer, requestId, caller, signal } = run
  const answer = await executor({
    subgraph,
    kind,
    query: text,
    document,
    operationName,
    variables,
    viewer,
    requestId,
    caller,
    signal,
  })
  if (signal.aborted) leave(answer)
  signal.throwIfAborted()
  return answer
}

/** Frees the source of events that came when nobody wanted them any more. */
function leave(answer: SubgraphAnswer): void {
  if (!isStream(answer)) return
  const left = answer[Symbol.asyncIterator]().return?.()
  left?.catch(() => undefined)
}

export function isStream(answer: SubgraphAnswer): answer is AsyncIterable<ExecutionResult> {
  return Symbol.asyncIterator in answer
}
