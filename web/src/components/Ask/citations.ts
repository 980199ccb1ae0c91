import type { AnswerPartsFragment } from '@/gql/graphql'

export type Citation = AnswerPartsFragment['sentences'][number]['citations'][number]

export interface Source {
  /** From 1, in the order the answer first names it. */
  number: number
  citation: Citation
}

/**
 * The sources of an answer. Citations with one marker are places in one passage and share its number; each keeps its own boxes.
 */
export function sourcesOf(answer: Pick<AnswerPartsFragment, 'sentences'>): Map<string, Source> {
  const sources = new Map<string, Source>()
  for (const citation of answer.sentences.flatMap(({ citations }) => citations)) {
    if (!sources.has(citation.marker)) sources.set(citation.marker, { number: sources.size + 1, citation })
  }
  return sources
}

/** A text without the markers written in it (`[1]`, `[DOC:1a2b-0]`): they are shown as numbers behind each sentence. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(/\s*\[(?:\d+|DOC:[^\]\s]*)\]/g, '').replace(/\s*\[(?:D(?:O(?:C(?::[^\]\s]*)?)?)?|\d+)?$/, '')
}
