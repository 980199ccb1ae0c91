import type { z } from 'zod'
import { InvalidInput } from './refusals.ts'

/** The input as its schema describes it, or InvalidInput that names the first field at fault and why. */
export function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new InvalidInput(issue?.message ?? 'The input is not valid.', issue ? issue.path.map(String) : null)
}
