import type { ExecutionResult } from 'graphql'
import type { Viewer } from '@passerelle/platform/schema'
import { fetchEntities } from './entities.ts'
import type { SubgraphError } from './failures.ts'
import type { Path } from './complete.ts'
import type { Renames, Step, SubgraphOperation } from './plan.ts'
import type { Executor, SubgraphAnswer } from './subgraph-request.ts'
import { mergeTree, type Tree } from './tree.ts'

/** One execution of a plan: who asks, what has been gathered, what went wrong. */
export interface Run {
  data: Tree
  variables: Record<string, unknown>
  viewer: Viewer | null
  requestId: string
  signal: AbortSignal
  executors: Readonly<Record<string, Executor>>
  /** Notes a failure of a subgraph. `path` is in the plan's names; null when the failure has no place of its own. */
  fail(failure: { error: unknown; subgraph: string; path: Path | null; renames: Renames }): void
  /** A subgraph does not know an entity that another one refers to. What is missing then needs no error. */
  forgive(): void
}

/** Carries out a step of a plan. Failures of subgraphs end up in `run`; it throws only when the signal aborts. */
export async function carryOut(step: Step, run: Run): Promise<void> {
  switch (step.kind) {
    case 'sequence':
      for (const inner of step.steps) await carryOut(inner, run)
      return
    case 'parallel':
      await Promise.all(step.steps.map((inner) => carryOut(inner, run)))
      return
    case 'fetch': {
      const result = await ask(step.operation, run)
      return result ? takeRoot(step, result, run) : undefined
    }
    case 'entities':
      return fetchEntities(step, run)
  }
}

/** Takes a result whose data are root fields: of a query, a mutation, or an event of a subscription. */
export function takeRoot(step: Extract<Step, { kind: 'fetch' }>, result: ExecutionResult, run: Run): void {
  const { operation, rewrites, renames } = step
  for (const error of errorsOf(result)) {
    run.fail({ error, subgraph: operation.subgraph, path: error.path ? [...error.path] : null, renames })
  }
  if (!result.data) return
  for (const rewrite of rewrites) rewrite(result.data)
  mergeTree(run.data, result.data, true)
}

export function errorsOf(result: ExecutionResult): readonly SubgraphError[] {
  return result.errors ?? []
}

/** Sends an operation to its subgraph. Null when it could not be answered at all, which is then noted at `place`. */
export async function ask(operation: SubgraphOperation, run: Run, extra?: { variables: Tree; place: () => Path }): Promise<ExecutionResult | null> {
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
  const { viewer, requestId, signal } = run
  const answer = await executor({ subgraph, kind, query: text, document, operationName, variables, viewer, requestId, signal })
  signal.throwIfAborted()
  return answer
}

export function isStream(answer: SubgraphAnswer): answer is AsyncIterable<ExecutionResult> {
  return Symbol.asyncIterator in answer
}
