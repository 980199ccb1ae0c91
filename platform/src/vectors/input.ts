import { InvalidInput } from '../schema/refusals.ts'

const maxPage = 1_000

/** Refuses a page that makes no sense with InvalidInput. */
export function requirePage({ limit, offset = 0 }: { limit: number; offset?: number }): {
  limit: number
  offset: number
} {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage)
    throw new InvalidInput(`A page has 1 to ${maxPage} points.`, ['limit'])
  if (!Number.isInteger(offset) || offset < 0) throw new InvalidInput('A page starts at 0 or after.', ['offset'])
  return { limit, offset }
}

/** Refuses what has no direction, and what is of another space. */
export function requireVector(vector: readonly number[], dimensions = vector.length): void {
  if (vector.length !== dimensions)
    throw new InvalidInput(`This model's vectors have ${dimensions} dimensions, not ${vector.length}.`, [
      'dense',
      'vector',
    ])
  if (!vector.every(Number.isFinite) || vector.every((value) => value === 0))
    throw new InvalidInput('A vector has finite values, not all zero.', ['dense', 'vector'])
}
