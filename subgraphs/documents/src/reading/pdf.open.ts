import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { getDocument, type PDFDocumentProxy } from 'pdfjs-dist/legacy/build/pdf.mjs'
import { Unread } from './failure.ts'
import { mendPdf } from './pdf.mend.ts'

const library = fileURLToPath(new URL('../../', import.meta.resolve('pdfjs-dist/legacy/build/pdf.mjs')))

/** An open PDF; `isMended` when its list of pages had to be made up. */
export interface OpenPdf {
  document: PDFDocumentProxy
  isMended: boolean
}

/**
 * Opens a PDF from a file. Throws Unread (PASSWORD_REQUIRED, UNREADABLE); one that opens with an empty password is simply open.
 * A form (XFA) that cannot be built is opened as the pages that lie beneath it, a file that lost its end as the pages that are left.
 * @param options.draws false when no page is drawn: fonts that are not in the file are then not loaded, which is most of a small file's cost.
 */
export async function openPdf(path: string, { draws }: { draws: boolean } = { draws: true }): Promise<OpenPdf> {
  const bytes = await readFile(path)
  const ways = [
    () => open(bytes, { enableXfa: true, draws }),
    () => open(bytes, { enableXfa: false, draws }),
    () => open(mendPdf(bytes) ?? bytes, { enableXfa: false, draws }),
  ]
  let reason: unknown
  for (const [index, way] of ways.entries()) {
    try {
      return { document: await way(), isMended: index === 2 }
    } catch (error) {
      if (error instanceof Error && error.name === 'PasswordException') {
        throw new Unread('PASSWORD_REQUIRED', 'the PDF asks for a password')
      }
      reason ??= error
    }
  }
  throw new Unread(
    'UNREADABLE',
    `the PDF cannot be opened: ${reason instanceof Error ? reason.message : String(reason)}`,
  )
}

function open(
  bytes: Uint8Array,
  { enableXfa, draws }: { enableXfa: boolean; draws: boolean },
): Promise<PDFDocumentProxy> {
  return getDocument({
    // pdfjs takes the bytes away.
    data: Uint8Array.from(bytes),
    cMapUrl: `${library}cmaps/`,
    ...(draws && { standardFontDataUrl: `${library}standard_fonts/` }),
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
