import { expect, test } from 'vitest'
import { createChunkFinder } from './holding.ts'

const span = (page: number, start: number, end: number) => ({ page, start, end })
const chunkOf = createChunkFinder([
  { index: 0, spans: [span(1, 0, 100)] },
  { index: 1, spans: [span(1, 80, 200), span(2, 0, 50)] },
  { index: 2, spans: [span(2, 30, 90)] },
])

test.each([
  ['the only one that holds it', span(1, 10, 20), 0],
  ['the first of two that hold it', span(1, 85, 95), 0],
  ['the one that holds all of it', span(1, 95, 110), 1],
  ['one that goes on from the page before', span(2, 0, 10), 1],
  ['the one that holds its beginning, when none holds all', span(1, 10, 190), 0],
  ['none on a page without text', span(3, 0, 10), null],
  ['none behind the last', span(2, 95, 99), null],
])('a stretch belongs to %s', (_what, stretch, index) => {
  expect(chunkOf(stretch)).toBe(index)
})
