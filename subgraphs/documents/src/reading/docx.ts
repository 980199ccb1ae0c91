import mammoth from 'mammoth'
import { Unread } from './failure.ts'
import { toHtmlParagraphs } from './html.ts'
import type { Paragraph } from './virtual.ts'
import { inspectZip } from './zip.ts'

/** Reads a Word document: headings, paragraphs, lists, tables; what the letterhead prints comes first, what the foot prints last. Throws Unread. */
export async function readDocx(path: string): Promise<Paragraph[]> {
  const headers = await inspectZip(path, /^word\/header\d*\.xml$/)
  const footers = await inspectZip(path, /^word\/footer\d*\.xml$/)
  return [...toMargin(headers), ...toHtmlParagraphs(await toHtml(path)), ...toMargin(footers)]
}

async function toHtml(path: string): Promise<string> {
  try {
    const convertImage = mammoth.images.imgElement(async () => ({ src: '' }))
    return (await mammoth.convertToHtml({ path }, { convertImage })).value
  } catch (error) {
    throw new Unread('UNREADABLE', `the document is damaged: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The different texts of page headers or footers, which the converter leaves out. */
function toMargin(parts: string[]): Paragraph[] {
  const texts = parts.map((xml) =>
    xml
      .split('</w:p>')
      .map((paragraph) =>
        [...paragraph.matchAll(/<w:t(?:\s[^>]*)?>([^<]*)<\/w:t>|<w:(tab|br)\/>/g)]
          .map(([, text]) => text ?? ' ')
          .join(''),
      )
      .map((text) => decodeEntities(text).trim())
      .filter((text) => text !== '')
      .join('\n'),
  )
  return [...new Set(texts)].filter((text) => text !== '').map((text) => ({ text }))
}

function decodeEntities(text: string): string {
  const names: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return text.replaceAll(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => names[name] ?? '')
}
