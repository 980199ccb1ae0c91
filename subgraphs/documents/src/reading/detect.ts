import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { fileTypeFromFile } from 'file-type'
import { detectAudio } from './audio.ts'
import { AUDIO_TYPES } from './audio-types.ts'
import { sniffDelimiter } from './csv.delimiter.ts'
import { decodeText } from './decode.ts'

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'

/** The kinds of content that can be read. */
export const READABLE_TYPES = [
  'application/pdf',
  'image/png',
  'image/jpeg',
  'image/tiff',
  'image/webp',
  'image/heic',
  'image/heif',
  DOCX,
  'text/plain',
  'text/markdown',
  'text/html',
  'text/csv',
  'message/rfc822',
  ...AUDIO_TYPES,
] as const

/** One of READABLE_TYPES. */
export type ReadableType = (typeof READABLE_TYPES)[number]

const SAMPLE = 65_536
const MAIL_HEADERS =
  /^(from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to|content-type|reply-to|sender|dkim-signature|x-[\w-]+|arc-[\w-]+):/i

/**
 * What a file is, by its content; its name only decides between kinds of text, and for a damaged PDF. Undefined for what cannot be read. Throws
 * Unread (UNREADABLE) for a damaged box of sound or moving pictures.
 */
export async function detectType(path: string, filename: string): Promise<ReadableType | undefined> {
  const sample = await readStart(path)
  const extension = extname(filename).toLowerCase()
  if (Buffer.from(sample.subarray(0, 1024)).includes('%PDF-')) return 'application/pdf'
  const found = await fileTypeFromFile(path)
  const known = READABLE_TYPES.find((type) => type === found?.mime)
  if (known) return known
  const audio = found && (await detectAudio(path, found.mime))
  if (audio) return audio
  if (extension === '.pdf') return 'application/pdf'
  // Formats of their own that are written as text, such as RTF, are not text to a reader. XML is.
  if (found && found.mime !== 'application/xml') return undefined
  const text = decodeText(sample)
  return text === undefined ? undefined : detectText(text, extension)
}

/** Which kind of text a text is. */
function detectText(text: string, extension: string): ReadableType {
  if (isMail(text) || extension === '.eml') return 'message/rfc822'
  const start = text.slice(0, 2048).trimStart().toLowerCase()
  if (/^(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<!doctype html|^<html|<body[\s>]|<head[\s>]/.test(start)) return 'text/html'
  if (['.html', '.htm', '.xhtml'].includes(extension)) return 'text/html'
  if (['.md', '.markdown'].includes(extension)) return 'text/markdown'
  if (['.csv', '.tsv'].includes(extension) || sniffDelimiter(text)?.certain) return 'text/csv'
  return 'text/plain'
}

/** Mail begins with header lines, of which at least three are known ones. */
function isMail(text: string): boolean {
  const [head = ''] = text.trimStart().split(/\r?\n\r?\n/, 1)
  const lines = head.split(/\r?\n/).filter((line) => !/^\s/.test(line))
  return (
    lines.length >= 3 &&
    lines.every((line) => /^(from |[\w-]+:)/i.test(line)) &&
    lines.filter((line) => MAIL_HEADERS.test(line)).length >= 3
  )
}

async function readStart(path: string): Promise<Uint8Array> {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(SAMPLE), 0, SAMPLE, 0)
    // An odd or cut last character must not make the sample look like another encoding.
    return trimCut(buffer.subarray(0, bytesRead), bytesRead === SAMPLE)
  } finally {
    await file.close()
  }
}

function trimCut(bytes: Uint8Array, cut: boolean): Uint8Array {
  if (!cut) return bytes
  let end = bytes.length
  while (end > bytes.length - 4 && (bytes[end - 1] ?? 0) >= 0x80) end -= 1
  return bytes.subarray(0, end - (end % 2))
}
