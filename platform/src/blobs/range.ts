import { InvalidInput } from '../schema/refusals.ts'

/** The first and last byte that are asked for, inclusive. */
export interface ByteRange {
  start: number
  end?: number
}

/** Refuses with InvalidInput what can be no range of any file. */
export function requireOrder({ start, end = Number.MAX_SAFE_INTEGER }: ByteRange): void {
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start) throw noByte()
}

/** The range with its end inside a file of `size` bytes; InvalidInput when no byte of it is there. */
export function requireRange(range: ByteRange, size: number): { start: number; end: number } {
  requireOrder(range)
  if (range.start >= size) throw noByte()
  return { start: range.start, end: Math.min(range.end ?? size - 1, size - 1) }
}

export function noByte(): InvalidInput {
  return new InvalidInput('No byte of the file is in this range.', ['range'])
}
