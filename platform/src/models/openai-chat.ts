import { requireFitting } from './context.ts'
import type { ChatCall } from './provider.ts'

/** What a model does not take as the others do. */
export interface Quirks {
  /** The answer's bound is called `max_completion_tokens`. */
  completionTokens?: boolean
  noTemperature?: boolean
  noUsage?: boolean
}

/** The body of a question, streamed. A prompt that cannot fit throws InvalidInput when the server tells how much fits. */
export function toOpenAIChat(call: ChatCall, { completionTokens, noTemperature, noUsage }: Quirks): object {
  const { model, messages, temperature, maxTokens } = call
  if (model.contextLength !== null) requireFitting(call, model.contextLength)
  return {
    model: model.name,
    messages: messages.map(({ role, content }) => ({ role, content })),
    stream: true,
    ...(noUsage ? {} : { stream_options: { include_usage: true } }),
    ...(noTemperature ? {} : { temperature }),
    ...(completionTokens ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens }),
  }
}
