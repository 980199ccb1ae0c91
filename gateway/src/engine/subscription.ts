import type { ExecutionResult } from 'graphql'
import { abortable } from './abortable.ts'
import { answerOf } from './answer.ts'
import type { Begun } from './begin.ts'
import { mapEvents } from './events.ts'
import type { SubscriptionPlan } from './plan.ts'
import { isStream, send } from './run.ts'
import { carryOut, takeRoot } from './steps.ts'

/** `return()` ends it at once, also while an event is awaited. */
export type EventStream = AsyncGenerator<ExecutionResult, undefined, undefined>

/** Subscribes at the source's subgraph. Each event starts from nothing, so that neither data nor errors of one reach the next. */
export async function openSubscription(
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
      return mapEvents(source, answer, {
        toFailure: (error) => start().failed({ error, subgraph, path: null, renames }),
        signal: run.signal,
      })
    }
    takeRoot(plan.source, source, run)
  } catch (error) {
    run.signal.throwIfAborted()
    run.fail({ error, subgraph, path: null, renames })
  }
  return { errors: run.errors }
}
