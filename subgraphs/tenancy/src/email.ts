import { z } from 'zod'

/** An e-mail address as it was typed, without blanks around it. */
export const emailAddress = z
  .string()
  .trim()
  .max(254, 'An address has at most 254 characters.')
  .pipe(z.email('This is not an e-mail address.'))
