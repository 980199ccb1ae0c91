import { InvalidInput } from '../schema/refusals.ts'

/** A point as the sparse side keeps it: its number within its shelf, its length in terms, and its terms with their frequencies. */
export interface SparsePoint {
  point: number
  length: number
  terms: ReadonlyMap<string, number>
}

/** One row of platform.vector_posting, its entries as PostgreSQL writes an array. */
export interface Posting {
  term: string
  bucket: number
  entries: string
}

/** How an entry is packed; the migration says it too. Frequencies and lengths beyond what fits no longer change a BM25 score that anyone sees. */
export const packing = { pointBits: 12, frequencyBits: 6, lengthBits: 13 } as const
const maxFrequency = 2 ** packing.frequencyBits - 1
const maxLength = 2 ** packing.lengthBits - 1
const pointMask = 2 ** packing.pointBits - 1

/** Longer terms (printed keys, encoded files) are cut: an index row has its limit, and nobody asks for the whole of one. */
const maxTermLength = 100

/** The form of a term in the index; refuses what PostgreSQL cannot keep with InvalidInput. */
export function toTerm(term: string): string {
  if (term === '' || term.includes('\0'))
    throw new InvalidInput('A term is not empty and has no NUL character.', ['terms'])
  return term.length > maxTermLength ? term.slice(0, maxTermLength) : term
}

/** Terms as they are indexed, and how many there are with repetitions. */
export function toTerms(terms: ReadonlyMap<string, number>): { terms: Map<string, number>; length: number } {
  const kept = new Map<string, number>()
  let length = 0
  for (const [term, frequency] of terms) {
    if (!Number.isInteger(frequency) || frequency < 1)
      throw new InvalidInput('A term occurs a whole number of times.', ['terms'])
    const key = toTerm(term)
    kept.set(key, (kept.get(key) ?? 0) + frequency)
    length += frequency
  }
  return { terms: kept, length }
}

/** The rows that the given points add, ordered by their key. */
export function toPostings(points: readonly SparsePoint[]): Posting[] {
  const entries = new Map<number, Map<string, number[]>>()
  for (const { point, length, terms } of points) {
    const bucket = point >> packing.pointBits
    const ofBucket = entries.get(bucket) ?? new Map<string, number[]>()
    entries.set(bucket, ofBucket)
    for (const [term, frequency] of terms) {
      const packed = packEntry(point, frequency, length)
      const list = ofBucket.get(term)
      if (list) list.push(packed)
      else ofBucket.set(term, [packed])
    }
  }
  return [...entries].flatMap(([bucket, terms]) =>
    [...terms].map(([term, list]) => ({ term, bucket, entries: `{${list.join(',')}}` })),
  )
}

function packEntry(point: number, frequency: number, length: number): number {
  const low = point & pointMask
  const counted = Math.min(frequency, maxFrequency)
  return (
    (low << (packing.frequencyBits + packing.lengthBits)) |
    (counted << packing.lengthBits) |
    Math.min(length, maxLength)
  )
}

/** A list of texts as PostgreSQL writes it, for lists of different lengths in one parameter. */
export function toArrayLiteral(texts: Iterable<string>): string {
  return `{${[...texts].map((text) => `"${text.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`
}
