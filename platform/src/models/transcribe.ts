import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { withRetries, type RunCall } from './calls.ts'
import type { Choosing } from './choosing.ts'
import type { Models, Transcript } from './models.ts'
import { ModelFailure } from './provider.ts'

/** Statuses by which servers say that it is the file they will not have: too large, of no format they know, or without sound. */
const OF_THE_FILE = new Set([400, 413, 415, 422])

/** Turns speech into text, in its turn, with a record; the file is sent again from its start when the server could not take it. */
export function createTranscribe(choosing: Choosing, run: RunCall): Models['transcribe'] {
  return async function transcribe(request) {
    const chosen = await choosing.listener(request.organizationId, request.task)
    if (!chosen) throw new EngineUnavailable('speech')
    const { source, model } = chosen
    const { path, fileName, mimeType, language } = request
    const speech = { model, path, fileName, mimeType, ...(language && { language }) }
    let transcript: Transcript | undefined
    const start = { context: request, source, model, kind: 'transcribe' as const, prompt: null, input: null, tokens: 0 }
    try {
      await run(start, (call) =>
        call.withLease(async (signal) => {
          const answer = await withRetries(() => source.provider.transcribe(speech, signal), signal)
          transcript = { model: model.name, ...answer }
          call.output = answer.segments.map(({ text }) => text).join('\n')
        }),
      )
    } catch (error) {
      throw toRefusal(error)
    }
    if (!transcript) throw new Error('A call that is done has its transcript.')
    return transcript
  }
}

function toRefusal(error: unknown): unknown {
  const failure = error instanceof EngineUnavailable ? error.cause : null
  return failure instanceof ModelFailure && failure.kind === 'refused' && OF_THE_FILE.has(failure.status ?? 0)
    ? new InvalidInput(`The speech server cannot read this file: ${failure.message}`, ['file'])
    : error
}
