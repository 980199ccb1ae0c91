import { z } from 'zod'
import { parseInput } from '../schema/parse.ts'
import type { MailMessage } from './mail.ts'

const Message = z.strictObject({
  organizationId: z.string().min(1, 'A message belongs to an organisation.'),
  to: z.email('This is not an e-mail address.').max(254, 'An address has at most 254 characters.'),
  subject: z
    .string()
    .min(1, 'A message has a subject.')
    .max(200, 'A subject has at most 200 characters.')
    .regex(/^\P{Cc}*$/u, 'A subject is one line.'),
  text: z.string().min(1, 'A message has a text.').max(100_000, 'A message has at most 100,000 characters.'),
  id: z
    .string()
    .regex(/^msg_[0-9a-f]{32}$/, 'This is not the id of a message.')
    .optional(),
})

/** The message, or InvalidInput. A line break in an address or subject would let its writer add headers of their own. */
export function requireMessage(message: MailMessage): MailMessage {
  return parseInput(Message, message)
}
