import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import type { ExtractedBatch, ExtractInput, ExtractProgress } from './extract.task.ts'
import { Unread } from './failure.ts'
import { blankPage } from './page.ts'
import { readPdfPage } from './pdf.ts'
import { openPdf } from './pdf.open.ts'

const BATCH_PAGES = 16
const BATCH_TIME = 500

/** Reads the pages of a PDF from `fromPage` on and reports them in batches. A page that cannot be read is noted and passed over. */
export async function readPdfPages(
  { path, fromPage, skip, maxPages }: ExtractInput,
  report: (progress: ExtractProgress) => Promise<void>,
): Promise<{ pageCount: number; title?: string }> {
  const { document, isMended } = await openPdf(path, { draws: false })
  const total = document.numPages
  if (total > maxPages) throw new Unread('TOO_MANY_PAGES', `${total} pages, at most ${maxPages} can be read`)
  if (total < 1) throw new Unread('UNREADABLE', 'the PDF has no pages')
  let batch = emptyBatch(total)
  let since = performance.now()
  let hasContent = false
  for (let number = fromPage; number <= total; number++) {
    void report({ at: number, total })
    await readInto(batch, { document, number, skip: skip.includes(number) })
    hasContent ||= batch.needsRecognition.length > 0 || batch.pages.some((page) => page.text !== '')
    if (batch.pages.length < BATCH_PAGES && performance.now() - since < BATCH_TIME && number < total) continue
    await report(batch)
    batch = emptyBatch(total)
    since = performance.now()
  }
  if (isMended && !hasContent) throw new Unread('UNREADABLE', 'the PDF is damaged and nothing is left of its pages')
  const title = await findTitle(document)
  await document.loadingTask.destroy()
  return { pageCount: total, ...(title && { title }) }
}

function emptyBatch(total: number): ExtractedBatch {
  return { pages: [], needsRecognition: [], failed: [], through: 0, total }
}

async function readInto(
  batch: ExtractedBatch,
  { document, number, skip }: { document: PDFDocumentProxy; number: number; skip: boolean },
): Promise<void> {
  batch.through = number
  try {
    if (skip) throw new Error('ended its child before')
    const { page, needsRecognition } = await readPdfPage(document, number)
    batch.pages.push(page)
    if (needsRecognition) batch.needsRecognition.push(number)
  } catch (error) {
    batch.pages.push(blankPage(number))
    batch.failed.push(number)
    batch.reason = error instanceof Error ? error.message : String(error)
  }
}

async function findTitle(document: PDFDocumentProxy): Promise<string | undefined> {
  try {
    const { info } = await document.getMetadata()
    const title = 'Title' in info && typeof info.Title === 'string' ? info.Title.trim() : ''
    return title || undefined
  } catch {
    return undefined
  }
}
