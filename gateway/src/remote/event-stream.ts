import { createParser } from 'eventsource-parser'
import type { ExecutionResult } from 'graphql'
import type { Dispatcher } from 'undici'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { beatMs, completeEvent, nextEvent } from './wire.ts'

type Body = Dispatcher.ResponseData['body']

/**
 * The events of a subscription, read no faster than they are asked for. `return()` ends the stream at once. A stream that ends or falls silent
 * without having said that it is complete throws EngineUnavailable: its reader has missed something and must continue from what it knows.
 */
export function readEvents(body: Body, name: string): AsyncIterableIterator<ExecutionResult> {
  const waiting: ExecutionResult[] = []
  let state: 'open' | 'complete' | 'left' = 'open'
  const parser = createParser({
    onEvent({ event, data }) {
      if (event === nextEvent) waiting.push(JSON.parse(data) as ExecutionResult)
      if (event === completeEvent) state = 'complete'
    },
  })
  const chunks = body[Symbol.asyncIterator]()
  const decoder = new TextDecoder()
  const silence = watchSilence(() => body.destroy(new Error(`${name} has fallen silent.`)))

  async function readOn(): Promise<void> {
    silence.begin()
    const chunk = await chunks.next().finally(() => silence.end())
    if (chunk.done) throw new Error(`${name} ended a stream that was not complete.`)
    parser.feed(decoder.decode(chunk.value as Uint8Array, { stream: true }))
  }

  const leave = async (): Promise<IteratorResult<ExecutionResult>> => {
    if (state === 'open') state = 'left'
    // Nobody hears that it was cut off by the reader's own will.
    body.on('error', () => undefined).destroy()
    return { value: undefined, done: true }
  }
  return {
    async next() {
      try {
        while (waiting.length === 0 && state === 'open') await readOn()
      } catch (error) {
        if (state === 'open') throw new EngineUnavailable(name, error)
      }
      const event = state === 'left' ? undefined : waiting.shift()
      return event ? { value: event, done: false } : leave()
    },
    return: leave,
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function watchSilence(onSilence: () => void) {
  let timer: NodeJS.Timeout | undefined
  return {
    begin() {
      timer = setTimeout(onSilence, 3 * beatMs)
    },
    end: () => clearTimeout(timer),
  }
}
