import { InvalidInput } from '../schema/refusals.ts'
import type { ChatCall } from './provider.ts'

/** Pessimistic, for text full of numbers: too large a context costs memory, too small a one costs the beginning of the prompt. */
const CHARACTERS_PER_TOKEN = 2.5

/** The tokens that a question and its answer need together; InvalidInput when the model does not read as many. */
export function requireFitting({ model, messages, maxTokens }: ChatCall, most: number): number {
  const characters = messages.reduce((sum, message) => sum + message.content.length, 0)
  const needed = Math.ceil(characters / CHARACTERS_PER_TOKEN) + messages.length * 8 + maxTokens
  if (needed > most)
    throw new InvalidInput(`This is too long for ${model.name}, which reads ${most} tokens at most.`, ['messages'])
  return needed
}
