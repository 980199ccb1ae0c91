import { expect, test } from 'vitest'
import { createMarkFilter, splitMarked, withoutMarks } from './marks.ts'

function pass(pieces: string[]): { passed: string[]; all: string } {
  const passed: string[] = []
  const filter = createMarkFilter((text) => passed.push(text))
  for (const piece of pieces) filter.write(piece)
  filter.end()
  return { passed, all: passed.join('') }
}

test('marks do not reach the listener, however they are cut', () => {
  const text = 'Le total est de 648,00 € [1]. Il est dû le 5 mars [2][3]. Voir [annexe 4] [1, 2].'
  const expected = 'Le total est de 648,00 €. Il est dû le 5 mars. Voir [annexe 4].'
  expect(withoutMarks(text)).toBe(expected)
  for (const size of [1, 2, 3, 5, 7, text.length]) {
    const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_none, at) =>
      text.slice(at * size, (at + 1) * size),
    )
    expect(pass(pieces).all).toBe(expected)
  }
})

test('words are passed on as soon as they can be no mark', () => {
  expect(pass(['Le total ', 'est de [', '1', '] 648 €', '.']).passed).toEqual(['Le total', ' est de', ' 648 €', '.'])
})

test('each sentence has the marks behind it, before its stop or after it', () => {
  expect(splitMarked('Le total est de 648,00 € [1]. Il est dû le 5 mars. [2] [3] Merci.')).toEqual([
    { text: 'Le total est de 648,00 €.', numbers: [1] },
    { text: 'Il est dû le 5 mars.', numbers: [2, 3] },
    { text: 'Merci.', numbers: [] },
  ])
})

test('sentences without a mark share that of the next one', () => {
  expect(splitMarked('Il y a deux colis. Ils pèsent 12 kg [2].')).toEqual([
    { text: 'Il y a deux colis.', numbers: [2] },
    { text: 'Ils pèsent 12 kg.', numbers: [2] },
  ])
})
