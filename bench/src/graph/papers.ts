import type { DocumentFacts } from '@passerelle/platform/graph'

/** A document that mentions each of the numbered companies once; one arrives an hour. */
export function paper(index: number, numbers: readonly number[]): DocumentFacts {
  return {
    documentId: `doc_${String(index).padStart(6, '0')}`,
    version: '1',
    at: new Date(Date.UTC(2025, 0, 1) + index * 3_600_000),
    mentions: [...new Set(numbers)].map(mentionOf),
    relations: [],
  }
}

function mentionOf(number: number): DocumentFacts['mentions'][number] {
  return {
    id: `ent_${number}`,
    type: 'ORGANIZATION',
    kind: null,
    key: `NAME:${number}`,
    name: `Société ${number}`,
    relation: 'MENTIONS',
    count: 1,
    confidence: 0.9,
    extractor: 'bench',
    page: 1,
    chunk: 0,
    boxes: [{ page: 1, box: { x: 0.1, y: 0.2, width: 0.3, height: 0.02 } }],
    pages: [1],
    chunks: [0],
  }
}

let state = 1
const random = () => (state = (state * 1_664_525 + 1_013_904_223) >>> 0) / 2 ** 32

/** So many distinct numbers from 1 to `below`, the small ones more often, as some companies are in many papers; the same at every run. */
export function drawNumbers(count: number, below: number): number[] {
  const numbers = new Set<number>()
  while (numbers.size < count) numbers.add(1 + Math.floor((below - 1) * random() ** 2))
  return [...numbers]
}
