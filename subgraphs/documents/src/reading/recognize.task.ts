import type { TaskContext } from '@passerelle/platform/sandbox'
import type { ReadableType } from './detect.ts'
import { loadImage } from './image.ts'
import { recognize } from './ocr.ts'
import type { ReadPage } from './page.ts'
import { openPdf } from './pdf.open.ts'
import { renderPdfPage } from './pdf.render.ts'
import type { Picture } from './picture.ts'

/** Pages (from 1) of a file to recognise. */
export interface RecognizeInput {
  path: string
  contentType: ReadableType
  numbers: number[]
}

/** Streamed while recognising: the page begun, then what became of it (`page` is missing when nothing could be recognised). */
export type RecognizeProgress = { at: number } | { number: number; page?: ReadPage; failed: boolean }

interface Source {
  /** The page's picture at a resolution; images have only their own. */
  load(number: number, dpi: number): Promise<Picture>
  /** The page's size as pages report it. */
  size(number: number): Promise<{ width: number; height: number }>
  sharper: boolean
  close(): Promise<void>
}

const DPI = 200
const SHARPER_DPI = 300

/** Recognises pages one by one; the task behind `recognizePages`. */
export default async function recognizeTask(
  { path, contentType, numbers }: RecognizeInput,
  { report }: TaskContext<RecognizeProgress>,
): Promise<void> {
  const source = contentType === 'application/pdf' ? await openPdfSource(path) : openImageSource(path, contentType)
  for (const number of numbers) {
    void report({ at: number })
    await report(await recognizePage(source, number))
  }
  await source.close()
}

async function recognizePage(
  source: Source,
  number: number,
): Promise<{ number: number; page?: ReadPage; failed: boolean }> {
  try {
    const picture = await source.load(number, DPI)
    const { confidence, ...content } = await recognize(
      picture,
      source.sharper ? { sharper: () => source.load(number, SHARPER_DPI) } : {},
    )
    if (content.words.length === 0) return { number, failed: false }
    const size = await source.size(number)
    return { number, page: { number, ...size, recognized: true, confidence, ...content }, failed: false }
  } catch {
    return { number, failed: true }
  }
}

async function openPdfSource(path: string): Promise<Source> {
  const { document } = await openPdf(path)
  return {
    load: (number, dpi) => renderPdfPage(document, number, dpi),
    size: async (number) => {
      const { width, height } = (await document.getPage(number)).getViewport({ scale: 1 })
      return { width: Math.round(width * 100) / 100, height: Math.round(height * 100) / 100 }
    },
    sharper: true,
    close: () => document.loadingTask.destroy(),
  }
}

function openImageSource(path: string, contentType: ReadableType): Source {
  const sizes = new Map<number, { width: number; height: number }>()
  return {
    load: async (number) => {
      const { original, ...picture } = await loadImage(path, contentType, number)
      sizes.set(number, original)
      return picture
    },
    size: async (number) => sizes.get(number) ?? { width: 1, height: 1 },
    sharper: false,
    close: async () => undefined,
  }
}
