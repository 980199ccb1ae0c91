import type { AnswerPartsFragment } from '@/gql/graphql'

export type Citation = AnswerPartsFragment['sentences'][number]['citations'][number]

/** The number of a citation without the brackets some engines put around it. */
export function markerOf({ marker }: Citation): string {
  return marker.replaceAll(/[[\]\s]/g, '')
}

/** Every source of an answer once, in the order of its markers. */
export function sourcesOf(answer: AnswerPartsFragment): Citation[] {
  const seen = new Map<string, Citation>()
  for (const citation of answer.sentences.flatMap(({ citations }) => citations)) {
    const marker = markerOf(citation)
    if (!seen.has(marker)) seen.set(marker, citation)
  }
  return [...seen.values()].toSorted((a, b) => markerOf(a).localeCompare(markerOf(b), undefined, { numeric: true }))
}

/** A sentence without the markers written in its text: they are shown as chips behind it. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(/\s*\[\d+\]/g, '').trim()
}
