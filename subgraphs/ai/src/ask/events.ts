import type { Refusal } from '@passerelle/platform/schema'
import { createChannel, type Channel } from '@passerelle/platform/facts/channel'
import type { Answer } from '../answer.ts'

/** What an asker hears: pieces of text as they come, then the answer or why there is none. */
export type AskEvent =
  | { type: 'token'; text: string }
  | { type: 'answer'; answer: Answer }
  | { type: 'refused'; refusal: Refusal }

/** How long a question that nobody listens to any more goes on, for a listener whose connection was lost: milliseconds. */
const usualGrace = 20_000

/** Works on an answer, telling its words as they come; rejects when the signal aborts. */
export type Work = (emit: (text: string) => void, signal: AbortSignal) => Promise<Answer>

interface Run {
  events: AskEvent[]
  listeners: Set<Channel<AskEvent>>
  abort: AbortController
  leaving: NodeJS.Timeout | null
  done: boolean
}

/**
 * The questions that are being answered. Who names a request that runs already joins it: hears everything from its first word on, and it is
 * asked once.
 */
export interface Runs {
  join(key: string, work: Work, toRefusal: (error: unknown) => Refusal): AsyncIterableIterator<AskEvent>
}

export function createRuns({ graceMs = usualGrace } = {}): Runs {
  const runs = new Map<string, Run>()

  function start(key: string, work: Work, toRefusal: (error: unknown) => Refusal): Run {
    const run: Run = { events: [], listeners: new Set(), abort: new AbortController(), leaving: null, done: false }
    const tell = (event: AskEvent): void => {
      run.events.push(event)
      for (const listener of run.listeners) listener.push(event)
    }
    runs.set(key, run)
    work((text) => tell({ type: 'token', text }), run.abort.signal)
      .then(
        (answer) => tell({ type: 'answer', answer }),
        (error: unknown) => tell({ type: 'refused', refusal: toRefusal(error) }),
      )
      .catch((error: unknown) => {
        for (const listener of run.listeners) listener.fail(error)
      })
      .finally(() => {
        run.done = true
        forget(key, run)
        for (const listener of run.listeners) listener.end()
      })
    return run
  }

  /** Whoever asks from now on begins anew: what is being stopped has no answer. */
  function stop(key: string, run: Run): void {
    forget(key, run)
    run.abort.abort()
  }

  function forget(key: string, run: Run): void {
    if (runs.get(key) === run) runs.delete(key)
  }

  function leave(key: string, run: Run, listener: Channel<AskEvent>): void {
    run.listeners.delete(listener)
    if (run.done || run.listeners.size > 0) return
    run.leaving = setTimeout(() => stop(key, run), graceMs).unref()
  }

  return {
    join(key, work, toRefusal) {
      const run = runs.get(key) ?? start(key, work, toRefusal)
      if (run.leaving) clearTimeout(run.leaving)
      const listener = createChannel<AskEvent>(() => leave(key, run, listener))
      for (const event of run.events) listener.push(event)
      run.listeners.add(listener)
      return listener
    },
  }
}
