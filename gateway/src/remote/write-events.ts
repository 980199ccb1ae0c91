import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { abortable } from '../engine/abortable.ts'
import type { SubgraphAnswer } from '../engine/subgraph-request.ts'
import { beatMs, completeEvent, eventStream, nextEvent } from './wire.ts'

export function isEventSource(answer: SubgraphAnswer): answer is AsyncIterable<ExecutionResult> {
  return Symbol.asyncIterator in answer
}

/**
 * Writes a subscription's events as they come, no faster than they are read. Cuts the stream off, without saying that it is complete, when the
 * source fails or this process is about to end: the reader then continues elsewhere. Resolves, and ends the source, as soon as the reader has
 * gone, also when that was before it was called. Throws what the source or `hide` throws.
 */
export async function writeEvents(
  source: AsyncIterable<ExecutionResult>,
  { response, hide, ending }: { response: ServerResponse; hide(result: ExecutionResult): object; ending: AbortSignal },
): Promise<void> {
  const events = source[Symbol.asyncIterator]()
  const over = new AbortController()
  const leave = (): void => over.abort()
  if (response.closed || ending.aborted) leave()
  response.once('close', leave)
  ending.addEventListener('abort', leave, { once: true })
  const beat = setInterval(() => response.write(': still here\n\n'), beatMs)
  try {
    over.signal.throwIfAborted()
    response.writeHead(200, { 'content-type': eventStream, 'cache-control': 'no-store' })
    response.flushHeaders()
    for (;;) {
      const { value, done } = await abortable(events.next(), over.signal)
      if (done) break
      const taken = response.write(`event: ${nextEvent}\ndata: ${JSON.stringify(hide(value))}\n\n`)
      if (!taken) await once(response, 'drain', { signal: over.signal })
    }
    response.end(`event: ${completeEvent}\ndata: {}\n\n`)
  } catch (error) {
    response.destroy()
    // Not waited for: a source may be busy until its next event, and nobody is left to hear how it ended.
    events.return?.().catch(() => undefined)
    if (!over.signal.aborted) throw error
  } finally {
    clearInterval(beat)
    response.off('close', leave)
    ending.removeEventListener('abort', leave)
  }
}
