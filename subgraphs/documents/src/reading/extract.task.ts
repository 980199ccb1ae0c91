import type { TaskContext } from '@passerelle/platform/sandbox'
import type { Attachment } from './attachment.ts'
import { detectType, type ReadableType } from './detect.ts'
import { Unread, type FailureCode } from './failure.ts'
import { readFormat } from './formats.ts'
import type { ReadPage } from './page.ts'
import { readPdfPages } from './pdf.pages.ts'

/** The file to read and where to begin. */
export interface ExtractInput {
  path: string
  filename: string
  fromPage: number
  /** Pages that ended an earlier child; they are left out. */
  skip: number[]
  maxPages: number
}

/** Streamed while reading: the page begun (a message of its own, so that a child that dies there is known to have died there), or pages read. */
export type ExtractProgress = { at: number; total: number } | ExtractedBatch

/** Pages read since the last batch, in order; `failed` could not be read, `reason` is why the last of them could not. */
export interface ExtractedBatch {
  pages: ReadPage[]
  needsRecognition: number[]
  failed: number[]
  reason?: string
  through: number
  total: number
}

/** What is known of the whole file at the end, or why it cannot be read. */
export type ExtractOutput =
  | { contentType: ReadableType; pageCount: number; title?: string; durationMs?: number; attachments: Attachment[] }
  | { code: FailureCode; message: string }

const PAGES_AT_ONCE = 10

/** Reads the native text of a file; the task behind `extractPages`. */
export default async function extract(
  input: ExtractInput,
  { report }: TaskContext<ExtractProgress>,
): Promise<ExtractOutput> {
  try {
    const contentType = await detectType(input.path, input.filename)
    if (!contentType) return { code: 'UNSUPPORTED_TYPE', message: 'this kind of file cannot be read' }
    if (contentType === 'application/pdf')
      return { contentType, attachments: [], ...(await readPdfPages(input, report)) }
    const { pages, needsRecognition, ...whole } = await readFormat(contentType, input)
    const rest = pages.filter((page) => page.number >= input.fromPage)
    // In small parts: one that holds hundreds of pages would keep whoever takes it from anything else.
    for (let start = 0; start < rest.length; start += PAGES_AT_ONCE) {
      const part = rest.slice(start, start + PAGES_AT_ONCE)
      const waiting = part.map(({ number }) => number).filter((number) => needsRecognition.includes(number))
      const through = part.at(-1)?.number ?? pages.length
      await report({ pages: part, needsRecognition: waiting, failed: [], through, total: pages.length })
    }
    return { contentType, pageCount: pages.length, ...whole }
  } catch (error) {
    if (error instanceof Unread) return { code: error.code, message: error.message }
    return { code: 'UNREADABLE', message: error instanceof Error ? error.message : String(error) }
  }
}
