import type { PDFDocumentProxy, PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { layOut } from './layout.ts'
import { createWordCollector, type PlacedWord, type WordCollector } from './layout.words.ts'
import { composePage, type ReadPage } from './page.ts'
import { findFieldWords, readFormPage } from './pdf.forms.ts'
import { paintGlyphs, type Operators } from './pdf.glyphs.ts'
import type { Painted } from './pdf.painter.ts'
import type { Matrix } from './matrix.ts'

/** A page's native text, and whether it should be recognised from its picture instead. */
export interface NativePage {
  page: ReadPage
  needsRecognition: boolean
}

/** Reads the native text of one page (numbered from 1) of an open PDF, with a box for every word. */
export async function readPdfPage(document: PDFDocumentProxy, number: number): Promise<NativePage> {
  const page = await document.getPage(number)
  try {
    const viewport = page.getViewport({ scale: 1 })
    const { width, height } = viewport
    const empty: ReadPage = {
      number,
      width: round(width),
      height: round(height),
      recognized: false,
      text: '',
      words: [],
      headings: [],
    }
    if (document.isPureXfa)
      return { page: { ...empty, ...composePage(await readFormPage(page)) }, needsRecognition: false }
    const collector = createWordCollector()
    const painted = await paint(page, collector)
    const words = collector.finish().filter((word) => isOnPage(word, { width, height }))
    const all = [...words, ...(await findFieldWords(page, viewport, words))]
    const composed = composePage(layOut(all, { width, height }))
    return { page: { ...empty, ...composed }, needsRecognition: isPicture(composed.text, painted) }
  } finally {
    page.cleanup()
  }
}

async function paint(page: PDFPageProxy, { add }: WordCollector): Promise<Painted> {
  const { transform, width, height } = page.getViewport({ scale: 1 })
  const operators: Operators = await page.getOperatorList()
  return paintGlyphs(operators, {
    page: transform as Matrix,
    area: width * height,
    findFont: (name) => (page.commonObjs.has(name) ? page.commonObjs.get(name) : undefined),
    add,
  })
}

/** Words beside the page are not shown, and letters larger than it are no words. */
function isOnPage(
  { left, top, right, bottom, size }: PlacedWord,
  { width, height }: { width: number; height: number },
): boolean {
  return right > 0 && bottom > 0 && left < width && top < height && size < Math.max(width, height)
}

/** Few letters under much picture, letters drawn as shapes, or a text layer that is mostly characters without meaning. */
function isPicture(text: string, { imageShare, paths }: Painted): boolean {
  const letters = text.replaceAll(/\s/g, '')
  if (letters.length < 30 && (imageShare > 0.2 || paths > 150)) return true
  if (letters.length < 200 && imageShare > 0.7) return true
  const junk = letters.match(/[\p{Co}\p{Cn}\uFFFD\uFFFF]/gu)?.length ?? 0
  return junk > letters.length * 0.2
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
