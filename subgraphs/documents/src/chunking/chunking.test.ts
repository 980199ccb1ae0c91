import { describe, expect, test } from 'vitest'
import { composePage, type LaidLine } from '../reading/page.ts'
import type { ReadPage } from '../reading/reading.ts'
import { chunkPages } from './chunking.ts'
import { tokensOf } from './units.ts'

type Part = { text: string; heading?: number }

/** A page of lines of ten words; each part is a block. Boxes tell line (y) and place in the line (x). */
function toPage(number: number, parts: readonly Part[]): ReadPage {
  const lines: LaidLine[] = []
  for (const [block, { text, heading }] of parts.entries()) {
    const words = text.split(' ')
    for (let start = 0; start < words.length; start += 10) {
      const y = lines.length / 100
      const laid = words
        .slice(start, start + 10)
        .map((word, place) => ({ text: word, box: { x: place / 10, y, width: 0.08, height: 0.009 } }))
      lines.push({ block, words: laid, ...(heading && { heading }) })
    }
  }
  return { number, width: 595, height: 842, recognized: false, ...composePage(lines) }
}

function sentence(seed: number): string {
  return `Le transporteur numéro ${seed} remet la marchandise ${seed * 7} au destinataire ${seed * 13} devant témoin.`
}

function paragraph(seed: number, count: number): Part {
  return { text: Array.from({ length: count }, (_, index) => sentence(seed + index)).join(' ') }
}

const pages = [1, 2, 3, 4].map((number) =>
  toPage(
    number,
    [1, 2, 3, 4].map((part) => paragraph(number * 100 + part * 10, 8)),
  ),
)

test('chunks have 500 to 700 tokens, only the last may be smaller', () => {
  const chunks = chunkPages(pages)
  const counts = chunks.map(({ tokenCount }) => tokenCount)
  expect(counts.length).toBeGreaterThan(3)
  expect(counts).toEqual(chunks.map(({ text }) => tokensOf(text)))
  expect(Math.max(...counts)).toBeLessThanOrEqual(700)
  expect(Math.min(...counts.slice(0, -1))).toBeGreaterThanOrEqual(500)
})

test('each chunk begins with about the last fifty tokens of the one before', () => {
  const chunks = chunkPages(pages)
  for (const [index, chunk] of chunks.entries()) {
    const [previous, first] = [chunks[index - 1], chunk.spans[0]]
    if (!previous || !first) continue
    const shared = previous.text.slice(previous.text.indexOf(chunk.text.slice(0, 30)))
    expect(chunk.text.startsWith(shared)).toBe(true)
    expect(tokensOf(shared)).toBeGreaterThan(20)
    expect(tokensOf(shared)).toBeLessThanOrEqual(55)
  }
})

test('every word of every page is in a chunk, and the text of a chunk is that of its spans', () => {
  const seen = new Map(pages.map((page) => [page.number, new Uint8Array(page.text.length)]))
  for (const { spans, text } of chunkPages(pages)) {
    expect(text).toBe(spans.map(({ page, start, end }) => pages[page - 1]?.text.slice(start, end)).join('\n'))
    for (const { page, start, end } of spans) seen.get(page)?.fill(1, start, end)
  }
  for (const page of pages) for (const word of page.words) expect(seen.get(page.number)?.[word.start]).toBe(1)
})

test('a chunk has one box for each line it touches, on the right page, around its words', () => {
  const [, second] = chunkPages(pages)
  const lines = second?.spans.flatMap(({ page, start, end }) => {
    const words =
      pages[page - 1]?.words.filter((word) => word.start < end && word.start + word.text.length > start) ?? []
    return [...new Set(words.map((word) => word.line))].map((line) => {
      const inLine = words.filter((word) => word.line === line)
      return { page, x: inLine[0]?.box.x, right: (inLine.at(-1)?.box.x ?? 0) + 0.08, y: line / 100 }
    })
  })
  expect(second?.boxes.map(({ page, box }) => ({ page, x: box.x, right: box.x + box.width, y: box.y }))).toEqual(
    lines?.map((line) => ({ ...line, right: expect.closeTo(line.right, 6) })),
  )
})

test('a chunk ends where a heading begins rather than under it', () => {
  const page = toPage(1, [paragraph(1, 26), { text: 'Responsabilité du transporteur', heading: 1 }, paragraph(100, 22)])
  const [first, second] = chunkPages([page])
  expect(first?.text).not.toContain('Responsabilité')
  expect(second?.text).toContain('Responsabilité du transporteur')
})

describe('small and strange documents', () => {
  test('a short document is one chunk with all of its text', () => {
    const page = toPage(1, [{ text: 'Facture n° 12' }, { text: 'Total 12,50 €' }])
    expect(chunkPages([page]).map(({ index, page: number, text }) => ({ index, number, text }))).toEqual([
      { index: 0, number: 1, text: page.text },
    ])
  })

  test('pages without text have no chunk and hide none', () => {
    expect(chunkPages([toPage(1, [{ text: '' }])])).toEqual([])
    expect(
      chunkPages([toPage(1, [{ text: '' }]), toPage(2, [{ text: 'Bonjour' }])]).map(({ page, text }) => ({
        page,
        text,
      })),
    ).toEqual([{ page: 2, text: 'Bonjour' }])
  })

  test.each(['a', '1 ', 'x\n', '.', '😀', '<|endoftext|>'])(
    'text without sentences is cut within bounds: %j',
    (part) => {
      const text = part.repeat(30_000)
      const chunks = chunkPages([{ ...toPage(1, []), text }])
      expect(Math.max(...chunks.map(({ tokenCount }) => tokenCount))).toBeLessThanOrEqual(700)
      expect(chunks.at(-1)?.spans.at(-1)?.end).toBe(text.trimEnd().length)
    },
  )
})
