import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { Unread } from './failure.ts'

const library = fileURLToPath(new URL('../../', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')))

/**
 * Opens a PDF from a file. Throws Unread (PASSWORD_REQUIRED, UNREADABLE); one that opens with an empty password is simply open.
 * A form (XFA) that cannot be built is opened as the pages that lie beneath it.
 */
export async function openPdf(path: string): Promise<PDFDocumentProxy> {
  const bytes = await readFile(path)
  try {
    return await open(bytes, true).catch((error: unknown) =>
      isPasswordNeeded(error) ? Promise.reject(error) : open(bytes, false),
    )
  } catch (error) {
    if (isPasswordNeeded(error)) throw new Unread('PASSWORD_REQUIRED', 'the PDF asks for a password')
    throw new Unread(
      'UNREADABLE',
      `the PDF cannot be opened: ${error instanceof Error ? error.message : String(error)}`,
    )
  }
}

function open(bytes: Uint8Array, enableXfa: boolean): Promise<PDFDocumentProxy> {
  return getDocument({
    // pdfjs takes the bytes away.
    data: Uint8Array.from(bytes),
    cMapUrl: `${library}cmaps/`,
    standardFontDataUrl: `${library}standard_fonts/`,
    wasmUrl: `${library}wasm/`,
    iccUrl: `${library}iccs/`,
    enableXfa,
    // Gives the fonts' ascent and descent.
    fontExtraProperties: true,
    stopAtErrors: false,
    maxImageSize: 50e6,
    verbosity: 0,
  }).promise
}

function isPasswordNeeded(error: unknown): boolean {
  return error instanceof Error && error.name === 'PasswordException'
}
