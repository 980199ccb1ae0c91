import type { Refusal } from '@passerelle/platform/schema'
import { createChannel, type Channel } from '@passerelle/platform/facts/channel'
import type { Answer } from '../conversations/answer.ts'

/** What an asker hears: pieces of text as they come, then the answer or why there is none. */
export type AskEvent =
  | { type: 'token'; text: string }
  /** The place in the queue in front of the models, from 1, whenever it changes; only while no word has come. */
  | { type: 'place'; place: number }
  | { type: 'answer'; answer: Answer }
  | { type: 'refused'; refusal: Refusal }

/** How long a question that nobody listens to any more goes on, for a listener whose connection was lost: milliseconds. */
const usualGrace = 20_000

/** Works on an answer, telling its words as they come; rejects when the signal aborts. */
export type Work = (
  emit: (text: string) => void,
  signal: AbortSignal,
  onPlace: (place: number) => void,
) => Promise<Answer>

interface Run {
  events: AskEvent[]
  /** While the work waits for a model. */
  place: number | null
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

  function forget(key: string, run: Run): void {
    if (runs.get(key) === run) runs.delete(key)
  }

  function leave(key: string, run: Run, listener: Channel<AskEvent>): void {
    run.listeners.delete(listener)
    if (run.done || run.listeners.size > 0) return
    run.leaving = setTimeout(() => {
      // Whoever asks from now on begins anew: what is being stopped has no answer.
      forget(key, run)
      run.abort.abort()
    }, graceMs).unref()
  }

  return {
    join(key, work, toRefusal) {
      const known = runs.get(key)
      const run = known ?? createRun()
      if (!known) {
        runs.set(key, run)
        void start(run, work, toRefusal).finally(() => forget(key, run))
      }
      if (run.leaving) clearTimeout(run.leaving)
      const listener = createChannel<AskEvent>(() => leave(key, run, listener))
      for (const event of run.events) listener.push(event)
      if (run.place !== null) listener.push({ type: 'place', place: run.place })
      run.listeners.add(listener)
      return listener
    },
  }
}

function createRun(): Run {
  return { events: [], place: null, listeners: new Set(), abort: new AbortController(), leaving: null, done: false }
}

/** Works to the end and tells all listeners of it; never rejects. */
async function start(run: Run, work: Work, toRefusal: (error: unknown) => Refusal): Promise<void> {
  const tell = (event: AskEvent): void => {
    run.place = event.type === 'place' ? event.place : null
    // Who joins later hears the last place, not the way to it.
    if (event.type !== 'place') run.events.push(event)
    for (const listener of run.listeners) listener.push(event)
  }
  try {
    const answer = await work(
      (text) => tell({ type: 'token', text }),
      run.abort.signal,
      (place) => tell({ type: 'place', place }),
    )
    run.done = true
    tell({ type: 'answer', answer })
  } catch (error) {
    run.done = true
    try {
      tell({ type: 'refused', refusal: toRefusal(error) })
    } catch (bug) {
      for (const listener of run.listeners) listener.fail(bug)
    }
  }
  for (const listener of run.listeners) listener.end()
}
