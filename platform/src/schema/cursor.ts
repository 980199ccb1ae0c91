import { z } from 'zod'
import type { PageRequest } from './page.ts'
import { InvalidInput } from './refusals.ts'

/** A value of a row's sort key. */
export type CursorValue = string | number

const longestText = 2_000

/** An opaque cursor that holds the sort key of a row. */
export function cursorOf(key: readonly CursorValue[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The sort key a cursor holds, made of nothing that an engine could trip over, or InvalidInput. */
export function decodeCursor(cursor: string): CursorValue[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (Array.isArray(key) && key.every(isValue)) return key
  } catch {
    // Falls through to the refusal: whatever is wrong with a cursor, the caller learns the same.
  }
  throw noCursor()
}

function isValue(value: unknown): value is CursorValue {
  if (typeof value !== 'string') return Number.isSafeInteger(value)
  return value.length <= longestText && value.isWellFormed() && !value.includes('\u0000')
}

/** What the cursor of a list may hold. */
export const cursorParts = {
  id: (prefix: string) => z.string().regex(new RegExp(`^${prefix}_[0-9a-f]{32}$`)),
  name: z
    .string()
    .max(longestText)
    .regex(/^\P{Cc}*$/u),
  /** To the millisecond. */
  moment: z.iso.datetime(),
  /** As `2026-11-20`, of the years 1 to 9999. */
  day: z.iso.date().refine((day) => day >= '0001'),
  /** A whole number of 32 bits. */
  count: z.int32(),
  /** A number that a table gave. */
  serial: z.int().nonnegative(),
  /** How far into a ranking. */
  offset: z.int().min(0).max(1_000_000),
}

/** What the cursors of one list hold: a value for each part of its sort key. */
export type CursorSchema = z.ZodType<CursorValue[]>

/** The sort key to continue after, null on the first page; InvalidInput for a cursor that holds something else than this list's keys. */
export function requireAfter<Schema extends z.ZodType>(
  schema: Schema,
  { after }: Pick<PageRequest, 'after'>,
): z.output<Schema> | null {
  if (after === null) return null
  const parsed = schema.safeParse(after)
  if (!parsed.success) throw noCursor()
  return parsed.data
}

function noCursor(): InvalidInput {
  return new InvalidInput('This is not a cursor that this list gave.', ['after'])
}
