import { expect, test } from 'vitest'
import { toSpokenPages, type Utterance } from './speech.ts'

const say = (text: string, from: number, to: number, speaker: string | null = null): Utterance => ({
  startMs: from * 1000,
  endMs: to * 1000,
  text,
  speaker,
})
const timesOf = (utterances: Utterance[]) =>
  toSpokenPages(utterances, 500).flatMap(({ text, segments = [] }) =>
    segments.map(({ start, end, startMs, endMs }) => [text.slice(start, end), startMs, endMs]),
  )

test('breaths of one speech flow into a paragraph; another speaker or a pause begins a new one', () => {
  const [page] = toSpokenPages(
    [
      say('Le colis', 0, 1, 'A'),
      say('est arrivé.', 1, 2, 'A'),
      say('Cassé ?', 2, 3, 'B'),
      say('Oui.', 3, 4, 'A'),
      say('Autre chose.', 9, 10, 'A'),
    ],
    500,
  )
  expect(page?.text).toBe('Le colis est arrivé.\n\nCassé ?\n\nOui.\n\nAutre chose.')
  expect(page?.segments?.map(({ speaker }) => speaker)).toEqual(['A', 'A', 'B', 'A', 'A'])
})

test('every word stands in one stretch, on every page, and times go on from page to page', () => {
  const minutes = Array.from({ length: 400 }, (_, index) =>
    say(`Phrase numéro ${index} de la réunion du matin, dite sans pause.`, index * 4, index * 4 + 4),
  )
  const pages = toSpokenPages(minutes, 500)
  expect(pages.length).toBeGreaterThan(4)
  let last = 0
  for (const { text, words, segments = [] } of pages) {
    for (const word of words)
      expect(segments.filter(({ start, end }) => word.start >= start && word.start < end)).toHaveLength(1)
    for (const { startMs, endMs } of segments) {
      expect(startMs).toBeGreaterThanOrEqual(last)
      expect(endMs).toBeGreaterThan(startMs)
      last = startMs
    }
    expect(text.length).toBeGreaterThan(0)
  }
  expect(pages.at(-1)?.segments?.at(-1)?.endMs).toBe(1_600_000)
})

test('a long stretch is parted at its sentences, which share its time', () => {
  expect(timesOf([say('Une phrase ici. Une phrase là.', 0, 60)])).toEqual([
    ['Une phrase ici.', 0, 30_000],
    ['Une phrase là.', 32_000, 60_000],
  ])
})

test('times that no clock shows and words longer than a line do no harm', () => {
  const odd = [say('a'.repeat(200), -5, 1), say('b \u0000 c', 4, 3), say('   ', 4, 5), say('d', 1e12, 1e13)]
  const pages = toSpokenPages(odd, 500)
  expect(
    pages.flatMap(({ segments = [] }) => segments).every(({ startMs, endMs }) => startMs >= 0 && endMs <= 2 ** 31 - 1),
  ).toBe(true)
  expect(toSpokenPages([], 500)).toEqual([])
})
