import type { ReadableType } from './detect.ts'
import { measureImage } from './image.ts'
import { blankPage, type ReadPage } from './page.ts'
import { loadText, toMarkdownParagraphs, toParagraphs } from './text.ts'
import { paginate, type Paragraph } from './virtual.ts'

/** A file that came inside another; it is a document of its own. */
export interface Attachment {
  filename: string
  contentType: string
  bytes: Uint8Array
}

/** What a file that is no PDF gives. Pages of images are still blank: their text has to be recognised. */
export interface FormatContent {
  pages: ReadPage[]
  needsRecognition: number[]
  attachments: Attachment[]
  title?: string
}

interface Source {
  path: string
  maxPages: number
}

/** Reads a file of the given type. Throws Unread. */
export async function readFormat(type: Exclude<ReadableType, 'application/pdf'>, source: Source): Promise<FormatContent> {
  if (type.startsWith('image/')) return readImage(type, source)
  return { pages: paginate(await toText(type, source), source.maxPages), needsRecognition: [], attachments: [] }
}

async function readImage(type: string, { path, maxPages }: Source): Promise<FormatContent> {
  const { count, sizes } = await measureImage(path, type, maxPages)
  const pages = Array.from({ length: count }, (_, index) => blankPage(index + 1, sizes[index]))
  return { pages, needsRecognition: pages.map((page) => page.number), attachments: [] }
}

async function toText(type: ReadableType, { path }: Source): Promise<Paragraph[]> {
  const text = await loadText(path)
  return type === 'text/markdown' ? toMarkdownParagraphs(text) : toParagraphs(text)
}
