import { expect, it } from 'vitest'
import type { AnswerPartsFragment } from '@/gql/graphql'
import { sourcesOf, withoutMarkers, type Citation } from './citations'

const citation = (marker: string, page: number): Citation => ({ marker, page, excerpt: '', confidence: 1, boxes: [], document: null })

it('an answer lists each of its sources once, by number', () => {
  const answer = {
    sentences: [
      { text: 'b', supported: true, citations: [citation('[10]', 4), citation('2', 1)] },
      { text: 'a', supported: true, citations: [citation('[2]', 1), citation('1', 3)] },
    ],
  } as AnswerPartsFragment
  expect(sourcesOf(answer).map(({ page }) => page)).toEqual([3, 1, 4])
})

it('a sentence is shown without the markers written in it', () => {
  expect(withoutMarkers('Le total est 12 € [1] [12].')).toBe('Le total est 12 €.')
})
