import type { ExecutionResult } from 'graphql'
import { fetchEntities } from './entities.ts'
import type { Step } from './plan.ts'
import { ask, errorsOf, type Run } from './run.ts'
import { mergeTree } from './tree.ts'

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
