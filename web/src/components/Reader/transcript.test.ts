import { describe, expect, it } from 'vitest'
import { clock } from './clock'
import { breathAt, momentOf, pageAt, toTurns, type SpokenPage } from './transcript'

const word = (text: string, x: number) => ({ text, box: { x, y: 0.1, width: 0.1, height: 0.02 } })
const page = (number: number, startMs: number): SpokenPage => ({
  number,
  text: 'Le colis\nest là.\n\nMerci.',
  startMs,
  endMs: startMs + 5_000,
  segments: [
    { startMs, endMs: startMs + 1_000, speaker: 'A', text: 'Le colis', words: [word('Le', 0), word('colis', 0.2)] },
    {
      startMs: startMs + 1_000,
      endMs: startMs + 2_000,
      speaker: 'A',
      text: 'est là.',
      words: [word('est', 0.4), word('là.', 0.6)],
    },
    { startMs: startMs + 4_000, endMs: startMs + 5_000, speaker: null, text: 'Merci.', words: [word('Merci.', 0.8)] },
  ],
})
const box = (x: number) => ({ page: 1, box: { x, y: 0.1, width: 0.1, height: 0.02 } })

describe('a page of speech', () => {
  it('is shown in turns, as its text parts them, with the words of a passage lit up', () => {
    const turns = toTurns(page(1, 0), { passages: [{ page: 1, boxes: [box(0.2)] }], active: 0 })
    expect(turns.map(({ startMs, speaker, breaths }) => [startMs, speaker, breaths.length])).toEqual([
      [0, 'A', 2],
      [4_000, null, 1],
    ])
    expect(turns[0]?.breaths[0]?.runs).toEqual([{ text: 'Le ' }, { text: 'colis', mark: 'active' }])
  })

  it('lights up the breath that a moment falls into', () => {
    const [turn] = toTurns(page(1, 0), { passages: [{ page: 1, boxes: [], at: 1_500 }], active: 0 })
    expect(turn?.breaths.map(({ mark }) => mark)).toEqual([undefined, 'active'])
  })

  it('knows which breath is heard, and that nobody speaks in a pause', () => {
    expect([500, 1_000, 3_000, 4_500].map((moment) => breathAt(moment, [page(1, 0)]))).toEqual([
      0,
      1_000,
      undefined,
      4_000,
    ])
  })

  it('knows when a passage begins: by its moment, by its words, or where the page begins', () => {
    expect(momentOf(page(1, 0), { page: 1, boxes: [], at: 1_234 })).toBe(1_234)
    expect(momentOf(page(1, 0), { page: 1, boxes: [box(0.6)] })).toBe(1_000)
    expect(momentOf(page(1, 7_000), { page: 1, boxes: [] })).toBe(7_000)
  })
})

describe('the page of a moment', () => {
  const known = new Map([1, 2, 3].map((number) => [number, page(number, (number - 1) * 10_000)]))
  it.each([
    [0, 1],
    [4_000, 1],
    [7_000, 1],
    [10_000, 2],
    [29_000, 3],
    [99_000, 3],
  ])('%i ms is on page %i', (moment, number) => {
    expect(pageAt(moment, { pages: 3, duration: 30_000, known })).toEqual({ page: number, sure: true })
    expect(pageAt(moment, { pages: 3, duration: 300_000, known })).toEqual({ page: number, sure: true })
  })

  it('is guessed by the length of the whole until it is known', () => {
    expect(pageAt(25_000, { pages: 3, duration: 30_000, known: new Map() })).toEqual({ page: 3, sure: false })
  })
})

it('a clock shows minutes, and hours when there are some', () => {
  expect([0, 65_999, 3_600_000].map(clock)).toEqual(['0:00', '1:05', '1:00:00'])
})
