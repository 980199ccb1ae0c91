import { InvalidInput } from '../schema/refusals.ts'
import type { ChatCall } from './provider.ts'

/** Pessimistic, for text full of numbers: too large a context costs memory, too small a one costs the beginning of the prompt. */
const CHARACTERS_PER_TOKEN = 2.5

/** The tokens that a question and its answer need together; InvalidInput when the model does not read as many. */
export function requireFitting({ model, messages, maxTokens }: ChatCall, most: number): number {
  const needed = tokensOf(messages.map(({ content }) => content)) + maxTokens
  if (needed > most)
    throw new InvalidInput(`This is too long for ${model.name}, which reads ${most} tokens at most.`, ['messages'])
  return needed
}

/** As many tokens as the texts may come to. */
export function tokensOf(texts: readonly string[]): number {
  const characters = texts.reduce((sum, text) => sum + text.length, 0)
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + texts.length * 8
}
