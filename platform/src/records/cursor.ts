import { z } from 'zod'
import type { PageRequest } from '../schema/page.ts'
import { InvalidInput } from '../schema/refusals.ts'

/** What a cursor of a list of records may hold. */
export const cursorParts = {
  id: (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`)),
  name: z
    .string()
    .max(2_000)
    .regex(/^\P{Cc}*$/u),
  moment: z.iso.datetime(),
  count: z.int32(),
}

/** The sort key to continue after, null on the first page; InvalidInput for a cursor that holds something else than this list's keys. */
export function requireAfter<Schema extends z.ZodType>(
  schema: Schema,
  { after }: PageRequest,
): z.output<Schema> | null {
  if (after === null) return null
  const parsed = schema.safeParse(after)
  if (!parsed.success) throw new InvalidInput('This is not a cursor that this list gave.', ['after'])
  return parsed.data
}
