import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import type { SubgraphAnswer } from '../engine/subgraph-request.ts'
import { beatMs, completeEvent, eventStream, nextEvent } from './wire.ts'

export function isEventSource(answer: SubgraphAnswer): answer is AsyncIterable<ExecutionResult> {
  return Symbol.asyncIterator in answer
}

/**
 * Writes a subscription's events as they come, no faster than they are read. Cuts the stream off, without saying that it is complete, when the
 * source fails or this process is about to end: the reader then continues elsewhere.
 */
export async function writeEvents(
  source: AsyncIterable<ExecutionResult>,
  { response, hide, ending }: { response: ServerResponse; hide(result: ExecutionResult): object; ending: AbortSignal },
): Promise<void> {
  const events = source[Symbol.asyncIterator]()
  const leave = (): void => void events.return?.()
  response.once('close', leave)
  ending.addEventListener('abort', leave, { once: true })
  const beat = setInterval(() => response.write(': still here\n\n'), beatMs)
  try {
    response.writeHead(200, { 'content-type': eventStream, 'cache-control': 'no-store' })
    response.flushHeaders()
    for (;;) {
      const { value, done } = await events.next()
      if (done) break
      const taken = response.write(`event: ${nextEvent}\ndata: ${JSON.stringify(hide(value))}\n\n`)
      if (!taken && !response.closed) await Promise.race([once(response, 'drain'), once(response, 'close')])
    }
    if (ending.aborted) response.destroy()
    else response.end(`event: ${completeEvent}\ndata: {}\n\n`)
  } catch (error) {
    response.destroy()
    throw error
  } finally {
    clearInterval(beat)
    ending.removeEventListener('abort', leave)
  }
}
