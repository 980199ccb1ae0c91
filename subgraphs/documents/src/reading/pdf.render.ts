import { createCanvas } from '@napi-rs/canvas'
import type { PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import sharp from 'sharp'
import type { Picture } from './picture.ts'

const MAX_PIXELS = 25e6

/** Draws one page (from 1) at `dpi`, or as fine as 25 million pixels allow, in grey. */
export async function renderPdfPage(document: PDFDocumentProxy, number: number, dpi: number): Promise<Picture> {
  const page = await document.getPage(number)
  try {
    const { width, height } = page.getViewport({ scale: 1 })
    const scale = Math.min(dpi / 72, Math.sqrt(MAX_PIXELS / (width * height)))
    const viewport = page.getViewport({ scale })
    const canvas = createCanvas(Math.max(1, Math.ceil(viewport.width)), Math.max(1, Math.ceil(viewport.height)))
    // pdfjs is written for a browser's canvas; this one draws the same.
    const target = { canvas: null, canvasContext: canvas.getContext('2d'), viewport, background: '#ffffff' }
    await page.render(target as never).promise
    const raw = { width: canvas.width, height: canvas.height, channels: 4 as const }
    const pixels = await sharp(canvas.data(), { raw }).flatten({ background: '#ffffff' }).grayscale().raw().toBuffer()
    return { width: canvas.width, height: canvas.height, pixels, dpi: scale * 72 }
  } finally {
    page.cleanup()
  }
}
