import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { withRetries, type RunCall } from './calls.ts'
import type { CompletionEvent, CompletionRequest, Models } from './models.ts'
import { createOutbox } from './outbox.ts'
import type { ModelProvider, ProviderModel } from './provider.ts'
import type { Source } from './source.ts'

/** Answers by the chat model. The model is read at its own pace and the lease given back when it is done: a slow reader holds no card. */
export function createComplete(source: Source<ModelProvider>, run: RunCall): Models['complete'] {
  function chooseFor({ model }: CompletionRequest, usual: ProviderModel): ProviderModel | null {
    if (model === undefined || model === usual.name) return usual
    const named = source.find('chat', model)
    return named?.skills.includes('chat') ? named : null
  }

  return async function* complete(request: CompletionRequest) {
    const usual = source.find('chat')
    if (!usual) throw new EngineUnavailable('models')
    const model = chooseFor(request, usual)
    if (!model) throw new InvalidInput('There is no such model that writes.', ['model'])
    const left = new AbortController()
    const signal = request.signal ? AbortSignal.any([request.signal, left.signal]) : left.signal
    const outbox = createOutbox<CompletionEvent>()
    const { messages, temperature = 0.2, maxTokens = 1_024, prompt } = request
    const start = {
      context: { ...request, signal },
      source,
      model,
      kind: 'complete' as const,
      prompt,
      input: JSON.stringify(messages),
    }
    const running = run(start, (call) =>
      call.withLease((leased) => {
        const attempt = async () => {
          for await (const part of source.provider.chat({ model, messages, temperature, maxTokens }, leased)) {
            if (part.type === 'end')
              Object.assign(call, { inputTokens: part.inputTokens, outputTokens: part.outputTokens })
            else {
              call.output = (call.output ?? '') + part.text
              outbox.write(part)
            }
          }
        }
        return withRetries(attempt, leased, () => call.output === null)
      }),
    ).then(
      (call) => {
        outbox.write({ type: 'end', call, text: call.output ?? '' })
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
