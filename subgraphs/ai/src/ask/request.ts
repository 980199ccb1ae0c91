import { z } from 'zod'
import { InvalidInput } from '@passerelle/platform/schema'

export const askInput = z.object({
  requestId: z.string().min(1).max(200, 'A request id has at most 200 characters.').nullish(),
  question: z.string().trim().min(1, 'Ask something.').max(2000, 'A question has at most 2,000 characters.'),
  conversationId: z.string().nullish(),
  documentIds: z.array(z.string()).max(100, 'A question is asked of at most 100 documents.').nullish(),
  collectionIds: z.array(z.string()).max(100, 'A question is asked of at most 100 collections.').nullish(),
  topK: z.int().min(1, 'topK is between 1 and 20.').max(20, 'topK is between 1 and 20.').nullish(),
  temperature: z.number().min(0, 'temperature is between 0 and 2.').max(2, 'temperature is between 0 and 2.').nullish(),
})
export type AskInput = z.output<typeof askInput>

/** A conversation that is not the asker's cannot be gone on with. */
export function unknownConversation(): InvalidInput {
  return new InvalidInput('There is no such conversation.', ['input', 'conversationId'])
}
