import { setTimeout as sleep } from 'node:timers/promises'
import { CallCancelled, type Semaphore } from '../coordination/coordination.ts'
import { newId } from '../ids/ids.ts'
import type { Log } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { CallContext, ModelCall } from './models.ts'
import { traced } from '../telemetry/telemetry.ts'
import type { ModelMeter } from '../usage/model-meter.ts'
import { ModelFailure, type ModelServer, type ProviderModel } from './provider.ts'
import type { Source } from './source.ts'

export interface CallOptions {
  /** Refuses, by throwing, what must not be sent to this server for this organisation; asked when the turn has come. */
  guard: (source: Source<ModelServer>, organizationId: string) => Promise<void>
  queue: Semaphore
  /** Refuses a call that the organisation has no means left for, before it waits. */
  meter: ModelMeter
  /** MiB. */
  capacityMiB: number
  /** Told of every call when it has ended; awaited, and its failure only logged. */
  onCall: (call: ModelCall) => void | Promise<void>
  log: Log
}

/** How many records wait for an engine that is away, and how often each is tried, in milliseconds. */
const MOST_LATE = 1_000
const LATE_MS = 2_000

/** Makes one call, with its record. */
export type RunCall = (start: CallStart, work: (call: OngoingCall) => Promise<void>) => Promise<ModelCall>

export interface Calls {
  run: RunCall
  /** Ends what waits and runs, and waits for its records. */
  close(): Promise<void>
}

/** A call under way. What it writes here is in its record, however it ends. */
export interface OngoingCall {
  output: string | null
  inputTokens: number | null
  outputTokens: number | null
  /** Waits in the queue, then runs `work` with a lease; the signal follows the caller's and the lease's. */
  withLease<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

export interface CallStart extends Pick<ModelCall, 'kind' | 'prompt' | 'input'> {
  /** Tokens that it may come to, answer included. */
  tokens: number
  context: CallContext
  source: Source<ModelServer>
  model: ProviderModel
}

/**
 * Makes calls that wait their turn and leave a record. What the caller gets thrown is its own abort reason, a refusal, or
 * EngineUnavailable of the source's engine with the ModelFailure as its cause.
 */
export function createCalls({ guard, queue, meter, capacityMiB, onCall, log }: CallOptions): Calls {
  const leased = createLeased({ guard, queue, capacityMiB })
  const closing = new AbortController()
  const running = new Set<Promise<ModelCall>>()
  const late = new Set<Promise<void>>()

  async function tell(call: ModelCall, listener: CallOptions['onCall']): Promise<void> {
    try {
      await listener(call)
    } catch (error) {
      if (error instanceof EngineUnavailable && late.size < MOST_LATE) tellLater(call, listener)
      else log.error({ err: error, call: call.id }, 'The record of a model call could not be kept.')
    }
  }

  /** Who made the call does not wait for an engine that is away to keep its record. */
  function tellLater(call: ModelCall, listener: CallOptions['onCall']): void {
    const telling = (async () => {
      for (;;) {
        await sleep(LATE_MS, undefined, { signal: closing.signal }).catch(() => {})
        try {
          return await listener(call)
        } catch (error) {
          if (error instanceof EngineUnavailable && !closing.signal.aborted) continue
          return log.error({ err: error, call: call.id }, 'The record of a model call could not be kept.')
        }
      }
    })()
    late.add(telling)
    void telling.finally(() => late.delete(telling))
  }

  async function make(start: CallStart, work: (call: OngoingCall) => Promise<void>): Promise<ModelCall> {
    const { context, source, model, kind, prompt, input } = start
    const startedAt = new Date()
    const signal = context.signal ? AbortSignal.any([context.signal, closing.signal]) : closing.signal
    const id = newId('job')
    let waitedMs = 0
    let heldMs = 0
    const call: OngoingCall = {
      output: null,
      inputTokens: null,
      outputTokens: null,
      withLease: (task) =>
        leased({ ...start, context: { ...context, signal } }, task, {
          waited: (ms) => (waitedMs += ms),
          held: (ms) => (heldMs += ms),
        }),
    }
    const tellAll = async (call: ModelCall): Promise<void> => {
      if (context.onCall) await tell(call, context.onCall)
      await tell(call, onCall)
    }
    const record = (outcome: ModelCall['outcome'], error: string | null): ModelCall => ({
      id,
      organizationId: context.organizationId,
      userId: context.userId,
      task: context.task,
      kind,
      provider: source.provider.name,
      model: model.name,
      digest: model.digest,
      prompt,
      input,
      output: call.output,
      inputTokens: call.inputTokens,
      outputTokens: call.outputTokens,
      waitedMs,
      gpuMs: source.outside ? 0 : Math.round(heldMs),
      durationMs: Date.now() - startedAt.getTime() - waitedMs,
      outcome,
      error,
      startedAt,
    })
    const { organizationId } = context
    const weight = source.outside ? 0 : Math.min(model.sizeMiB, capacityMiB)
    await meter.begin({ id, organizationId, tokens: start.tokens, weight })
    try {
      await work(call)
    } catch (error) {
      const left = context.signal?.aborted === true
      const closed = closing.signal.aborted
      const cancelled = left || closed || error instanceof CallCancelled
      await tellAll(
        record(
          cancelled ? 'cancelled' : 'failed',
          cancelled ? null : error instanceof Error ? error.message : String(error),
        ),
      )
      throw left
        ? context.signal?.reason
        : closed || error instanceof ModelFailure
          ? new EngineUnavailable(source.engine, error)
          : error
    }
    const done = record('done', null)
    await tellAll(done)
    return done
  }

  return {
    run(start, work) {
      const attributes = { 'passerelle.engine': 'models', 'passerelle.provider': start.source.provider.name }
      const call = traced(`models.${start.kind}`, { kind: 'client', attributes }, () => make(start, work))
      running.add(call)
      const forget = () => void running.delete(call)
      call.then(forget, forget)
      return call
    },
    async close() {
      closing.abort(new EngineUnavailable('models'))
      await Promise.allSettled(running)
      await Promise.allSettled(late)
    },
  }
}

/** Runs work in its turn: with a lease of the model's size, unless the server is being left alone. */
function createLeased({ guard, queue, capacityMiB }: Pick<CallOptions, 'guard' | 'queue' | 'capacityMiB'>) {
  return async function leased<T>(
    { context, source, model }: CallStart,
    work: (signal: AbortSignal) => Promise<T>,
    { waited, held }: { waited: (ms: number) => void; held: (ms: number) => void },
  ): Promise<T> {
    const { organizationId, userId, task, priority, signal, onPlace } = context
    const since = Date.now()
    const weight = Math.min(model.sizeMiB, capacityMiB)
    const wait = queue.acquire({
      organizationId,
      userId,
      task,
      priority,
      model: model.name,
      weight,
      ...(signal && { signal }),
      ...(onPlace && { onPlace }),
    })
    const lease = await wait.finally(() => waited(Date.now() - since))
    const begun = Date.now()
    let entered = false
    try {
      // Only now: a consent may have been withdrawn while the call waited.
      await guard(source, organizationId)
      entered = source.breaker.enter()
      if (!entered) throw new EngineUnavailable(source.engine)
      const result = await work(signal ? AbortSignal.any([signal, lease.lost]) : lease.lost)
      source.breaker.leave('good')
      return result
    } catch (error) {
      if (entered) source.breaker.leave(error instanceof ModelFailure && error.kind !== 'refused' ? 'bad' : 'unknown')
      throw error
    } finally {
      held(Date.now() - begun)
      await lease.release()
    }
  }
}

/** How often what has not begun to answer is tried again, and the first pause before it, milliseconds. */
const RETRIES = 2
const PAUSE_MS = 200
const LONGEST_PAUSE_MS = 5_000

/**
 * Runs `attempt`, and again after a pause when the server could not be reached or said it cannot, as long as `mayRepeat`: nothing of an
 * answer may have been passed on.
 */
export async function withRetries<T>(
  attempt: () => Promise<T>,
  signal: AbortSignal,
  mayRepeat: () => boolean = () => true,
): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await attempt()
    } catch (error) {
      const passing = error instanceof ModelFailure && (error.kind === 'unreachable' || error.kind === 'failing')
      if (!passing || tries >= RETRIES || !mayRepeat()) throw error
      const pause = Math.max(PAUSE_MS * 2 ** tries, error.retryAfterMs ?? 0)
      // A lease is not held for a server that wants to be left alone for long.
      if (pause > LONGEST_PAUSE_MS) throw error
      // The reason of who ended it, not the clock's word for it.
      await sleep(pause, undefined, { signal }).catch(() => signal.throwIfAborted())
    }
  }
}
