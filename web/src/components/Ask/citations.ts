import type { RouteLocationRaw } from 'vue-router'
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

const routes = { SHIPMENT: 'shipment', CLIENT: 'client', PROPERTY: 'property' } as const

/** The page of the record that a citation points to; undefined when it points to a document. */
export function recordRoute({ record }: Pick<Citation, 'record'>): RouteLocationRaw | undefined {
  return record ? { name: routes[record.kind], params: { id: record.id } } : undefined
}

/** A text without the markers written in it (`[1]`, `[DOC:1a2b-0]`): they are shown as numbers behind each sentence. */
export function withoutMarkers(text: string): string {
  return text
    .replaceAll(/\s*\[(?:\d+|(?:DOC|REC):[^\]\s]*)\]/g, '')
    .replace(/\s*\[(?:D(?:O(?:C(?::[^\]\s]*)?)?)?|R(?:E(?:C(?::[^\]\s]*)?)?)?|\d+)?$/, '')
}
