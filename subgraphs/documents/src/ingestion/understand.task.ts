import type { PageBox } from '@passerelle/platform/schema'
import type { TaskContext } from '@passerelle/platform/sandbox'
import { termFrequencies, type Language } from '@passerelle/platform/text'
import { chunkPages } from '../chunking/chunking.ts'
import { createChunkFinder } from '../chunking/holding.ts'
import { createTimes } from '../chunking/times.ts'
import { detectLanguage } from '../search/language.ts'
import { documentKind } from '../document/kind.ts'
import { findMentions, type FoundMention } from '../mentions/mentions.ts'
import type { Relation } from '../mentions/relations.ts'
import { unpackPage, type PackedPage } from '../pages/page.row.ts'

export interface Understood {
  language: string | null
  kind: string | null
  chunks: {
    index: number
    page: number
    text: string
    boxes: PageBox[]
    tokenCount: number
    startMs: number | null
    endMs: number | null
    terms: Map<string, number>
  }[]
  mentions: (Pick<
    FoundMention,
    'entityType' | 'kind' | 'key' | 'name' | 'page' | 'boxes' | 'excerpt' | 'confidence' | 'extractor' | 'relation'
  > & { chunk: number | null })[]
  /** From and to are places in `mentions`. */
  relations: Relation[]
}

/** All the work on a document's text that takes time, in one go where it disturbs nobody. */
export default async function understand(
  {
    pages: packed,
    contentType,
    spoken,
  }: { pages: readonly PackedPage[]; contentType: string; spoken: Language | null },
  _context: TaskContext<never>,
): Promise<Understood> {
  const pages = packed.map(unpackPage)
  const text = pages.map((page) => page.text).join('\n\n')
  const language = detectLanguage(text) ?? spoken
  const passages = chunkPages(pages)
  const timeOf = createTimes(pages)
  const chunks = passages.map(({ index, page, text: words, boxes, tokenCount, spans }) => ({
    index,
    page,
    text: words,
    boxes,
    tokenCount,
    ...timeOf(spans),
    terms: termFrequencies(words, language),
  }))
  const kind = documentKind({ text, contentType })
  const { mentions, relations } = findMentions(pages, { kind, language })
  const chunkOf = createChunkFinder(passages)
  return {
    language,
    kind,
    chunks,
    mentions: mentions.map(({ start, end, ...mention }) => ({
      ...mention,
      chunk: chunkOf({ page: mention.page, start, end }),
    })),
    relations,
  }
}
