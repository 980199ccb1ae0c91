import { CallCancelled } from '../coordination/coordination.ts'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { tokensOf } from './context.ts'
import { withRetries, type OngoingCall, type RunCall } from './calls.ts'
import type { Candidate, Choosing } from './choosing.ts'
import type { CompletionEvent, CompletionRequest, ModelCall, Models } from './models.ts'
import { createOutbox } from './outbox.ts'
import type { ChatPart, ModelProvider } from './provider.ts'

/** Of an answer, unless the caller says otherwise. */
const MOST_TOKENS = 1_024

/**
 * Answers by the chat model, and by the next one that may be asked when it does not begin to. The model is read at its own pace and the lease
 * given back when it is done: a slow reader holds no card.
 */
export function createComplete(choosing: Choosing, run: RunCall): Models['complete'] {
  async function choose({ organizationId, task, model: name }: CompletionRequest): Promise<Candidate<ModelProvider>[]> {
    const usual = await choosing.writers(organizationId, task)
    if (usual.length === 0) throw new EngineUnavailable('models')
    if (name === undefined) return usual
    const named = await choosing.writer(organizationId, name)
    if (!named) throw new InvalidInput('There is no such model that writes.', ['model'])
    return [named]
  }

  return async function* complete(request: CompletionRequest) {
    const candidates = await choose(request)
    const left = new AbortController()
    const signal = request.signal ? AbortSignal.any([request.signal, left.signal]) : left.signal
    const outbox = createOutbox<CompletionEvent>()
    const say = (part: ChatPart & { type: 'token' }) => outbox.write(part)
    const running = answer({ request: { ...request, signal }, candidates, run, say }).then(
      ({ call, text }) => {
        outbox.write({ type: 'end', call, text })
        outbox.end()
      },
      (error: unknown) => outbox.fail(error),
    )
    try {
      yield* outbox.read()
    } finally {
      left.abort()
      await running
    }
  }
}

interface Answering {
  request: CompletionRequest
  candidates: readonly Candidate<ModelProvider>[]
  run: RunCall
  say: (part: ChatPart & { type: 'token' }) => void
}

/** Asks one after the other until one answers; whoever has said a word is the last. */
async function answer({ request, candidates, run, say }: Answering): Promise<{ call: ModelCall; text: string }> {
  const [candidate, ...others] = candidates
  if (!candidate) throw new EngineUnavailable('models')
  const { source, model } = candidate
  const input = JSON.stringify(request.messages)
  let spoken = false
  try {
    const call = await run(
      {
        context: request,
        source,
        model,
        kind: 'complete',
        prompt: request.prompt,
        input,
        tokens: tokensOf(request.messages.map(({ content }) => content)) + (request.maxTokens ?? MOST_TOKENS),
      },
      (call) => write(candidate, request, { call, say: (part) => ((spoken = true), say(part)) }),
    )
    return { call, text: call.output ?? '' }
  } catch (error) {
    const away = error instanceof EngineUnavailable && error.engine === 'models' && !(error instanceof CallCancelled)
    if (spoken || !away || others.length === 0) throw error
    return answer({ request, candidates: others, run, say })
  }
}

function write(
  { source, model }: Candidate<ModelProvider>,
  { messages, temperature = 0.2, maxTokens = MOST_TOKENS }: CompletionRequest,
  { call, say }: { call: OngoingCall; say: Answering['say'] },
): Promise<void> {
  return call.withLease((signal) => {
    const attempt = async () => {
      let parts = 0
      try {
        for await (const part of source.provider.chat({ model, messages, temperature, maxTokens }, signal)) {
          if (part.type === 'end')
            Object.assign(call, { inputTokens: part.inputTokens, outputTokens: part.outputTokens })
          else {
            parts++
            call.output = (call.output ?? '') + part.text
            say(part)
          }
        }
      } finally {
        // Servers count at the end, or not at all: an answer that is broken off before it would be free.
        if (parts > 0) {
          call.inputTokens ??= tokensOf(messages.map(({ content }) => content))
          call.outputTokens ??= parts
        }
      }
    }
    return withRetries(attempt, signal, () => call.output === null)
  })
}
