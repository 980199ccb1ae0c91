import { expect, it } from 'vitest'
import { sourcesOf, withoutMarkers, type Citation } from './citations'

const citation = (marker: string, page: number): Citation => ({
  marker,
  page,
  excerpt: '',
  confidence: 1,
  boxes: [],
  document: null,
  record: null,
})

it('an answer numbers its sources as it first names them, each once', () => {
  const sources = sourcesOf({
    sentences: [
      { text: 'b', supported: true, citations: [citation('[DOC:b-4]', 4), citation('[DOC:a-0]', 1)] },
      { text: 'a', supported: true, citations: [citation('[DOC:b-4]', 5), citation('[DOC:c-2]', 3)] },
    ],
  })
  expect([...sources.values()].map(({ number, citation: { page } }) => [number, page])).toEqual([
    [1, 4],
    [2, 1],
    [3, 3],
  ])
})

it.each([
  ['Le total est 12 € [1] [12].', 'Le total est 12 €.'],
  ['Réf. facture 59255 [DOC:d639b85a-0]', 'Réf. facture 59255'],
  ['Le règlement est attendu [DOC:d63', 'Le règlement est attendu'],
  ['Le règlement est attendu [', 'Le règlement est attendu'],
  ['Expédition livrée [REC:d639b85a].', 'Expédition livrée.'],
  ['Expédition livrée [RE', 'Expédition livrée'],
  ['Palette [Europe] livrée', 'Palette [Europe] livrée'],
])('%j is shown without markers, whole or half written', (text, shown) => {
  expect(withoutMarkers(text)).toBe(shown)
})
