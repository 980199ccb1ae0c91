import type { EntityType } from '@passerelle/platform/graph'
import type { PageBox } from '@passerelle/platform/schema'
import type { TaskContext } from '@passerelle/platform/sandbox'
import { termFrequencies } from '@passerelle/platform/text'
import { chunkPages } from '../chunking/chunking.ts'
import { detectLanguage } from '../language.ts'
import type { ReadPage } from '../reading/reading.ts'

export interface Understood {
  language: string | null
  kind: string | null
  chunks: { index: number; page: number; text: string; boxes: PageBox[]; tokenCount: number; terms: Map<string, number> }[]
  mentions: UnderstoodMention[]
  /** From and to are places in `mentions`. */
  relations: { from: number; to: number; type: string; confidence: number }[]
}

interface UnderstoodMention {
  entityType: EntityType
  kind: string | null
  key: string
  name: string
  page: number
  boxes: PageBox[]
  excerpt: string
  confidence: number
  extractor: string
}

/** All the work on a document's text that takes time, in one go where it disturbs nobody. */
export default async function understand(
  { pages }: { pages: readonly ReadPage[]; filename: string },
  _context: TaskContext<never>,
): Promise<Understood> {
  const text = pages.map((page) => page.text).join('\n\n')
  const language = detectLanguage(text)
  const chunks = chunkPages(pages).map(({ index, page, text: words, boxes, tokenCount }) => ({
    index,
    page,
    text: words,
    boxes,
    tokenCount,
    terms: termFrequencies(words, language),
  }))
  return { language, kind: null, chunks, mentions: [], relations: [] }
}
