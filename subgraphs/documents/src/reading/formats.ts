import type { Attachment } from './attachment.ts'
import { measureAudio } from './audio.ts'
import { isAudio } from './audio-types.ts'
import { toTableParagraphs } from './csv.ts'
import type { ReadableType } from './detect.ts'
import { readDocx } from './docx.ts'
import { readMail } from './email.ts'
import { Unread } from './failure.ts'
import { toHtmlParagraphs } from './html.ts'
import { measureImage } from './image.ts'
import { blankPage, type ReadPage } from './page.ts'
import { loadText, toMarkdownParagraphs, toParagraphs } from './text.ts'
import { paginate, type Paragraph } from './virtual.ts'

/**
 * What a file that is no PDF gives. Pages of images are still blank: their text has to be recognised. A recording has no pages before somebody
 * has written down what is said.
 */
export interface FormatContent {
  pages: ReadPage[]
  needsRecognition: number[]
  attachments: Attachment[]
  title?: string
  durationMs?: number
}

interface Source {
  path: string
  maxPages: number
}

/** Reads a file of the given type. Throws Unread. */
export async function readFormat(
  type: Exclude<ReadableType, 'application/pdf'>,
  source: Source,
): Promise<FormatContent> {
  if (type.startsWith('image/')) return readImage(type, source)
  if (isAudio(type))
    return { pages: [], needsRecognition: [], attachments: [], ...(await measureAudio(source.path, type)) }
  const { paragraphs, attachments = [], title } = await readText(type, source.path)
  return { pages: paginate(paragraphs, source.maxPages), needsRecognition: [], attachments, ...(title && { title }) }
}

async function readImage(type: string, { path, maxPages }: Source): Promise<FormatContent> {
  const { count, sizes } = await measureImage(path, type, maxPages)
  if (count > maxPages) throw new Unread('TOO_MANY_PAGES', `${count} pages, at most ${maxPages} can be read`)
  const pages = Array.from({ length: count }, (_, index) => blankPage(index + 1, sizes[index]))
  return { pages, needsRecognition: pages.map((page) => page.number), attachments: [] }
}

async function readText(
  type: ReadableType,
  path: string,
): Promise<{ paragraphs: Paragraph[]; attachments?: Attachment[]; title?: string }> {
  if (type === 'message/rfc822') return readMail(path)
  if (type === 'application/vnd.openxmlformats-officedocument.wordprocessingml.document')
    return { paragraphs: await readDocx(path) }
  const text = await loadText(path)
  if (type === 'text/html') return { paragraphs: toHtmlParagraphs(text), ...toTitle(text) }
  if (type === 'text/csv') return { paragraphs: toTableParagraphs(text) }
  return { paragraphs: type === 'text/markdown' ? toMarkdownParagraphs(text) : toParagraphs(text) }
}

function toTitle(html: string): { title?: string } {
  const title = /<title[^>]*>([^<]{1,300})<\/title>/i.exec(html)?.[1]?.replaceAll(/\s+/g, ' ').trim()
  return title ? { title } : {}
}
