import { readFile } from 'node:fs/promises'
import PostalMime, { type Address, type Attachment as MailPart, type Email } from 'postal-mime'
import { Unread } from './failure.ts'
import type { Attachment } from './attachment.ts'
import { toHtmlParagraphs } from './html.ts'
import { toParagraphs } from './text.ts'
import type { Paragraph } from './virtual.ts'

const MAX_ATTACHMENTS = 100
const MAX_NESTING = 30
const DECORATION = 20_000
/** Of a message inside another: the bytes its subject is looked for in, and what is kept of it. */
const LONGEST_HEAD = 65_536
const LONGEST_SUBJECT = 200

/** A message as text, and the files it carries; a message inside it is one of them. */
export interface ReadMail {
  paragraphs: Paragraph[]
  attachments: Attachment[]
  title?: string
}

/**
 * Reads an e-mail: sender, receivers, date and subject, then its text (or the text of its HTML). Pictures under 20 kB that are
 * part of the layout (logos, signatures, trackers) are left out. Throws Unread.
 */
export async function readMail(path: string): Promise<ReadMail> {
  const mail = await parse(await readFile(path))
  const files = mail.attachments.filter((part) => !isDecoration(part))
  if (files.length > MAX_ATTACHMENTS)
    throw new Unread('TOO_LARGE', `${files.length} attachments, at most ${MAX_ATTACHMENTS} can be read`)
  const subject = mail.subject?.trim()
  const paragraphs = [...(subject ? [{ text: subject, heading: 1 }] : []), { text: toHead(mail) }, ...toBody(mail)]
  return {
    paragraphs: paragraphs.filter(({ text }) => text !== ''),
    attachments: await Promise.all(files.map(toAttachment)),
    ...(subject && { title: subject }),
  }
}

async function parse(bytes: Buffer): Promise<Email> {
  try {
    return await PostalMime.parse(bytes, { forceRfc822Attachments: true, maxNestingDepth: MAX_NESTING })
  } catch (error) {
    throw new Unread('UNREADABLE', `the message is damaged: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function toHead({ from, to, cc, date }: Email): string {
  const lines: [string, string][] = [
    ['From', from ? toName(from) : ''],
    ['To', (to ?? []).map(toName).join(', ')],
    ['Cc', (cc ?? []).map(toName).join(', ')],
    ['Date', date ?? ''],
  ]
  return lines
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')
}

function toName(address: Address): string {
  if (address.group) return `${address.name}: ${address.group.map(toName).join(', ')}`
  return address.name && address.name !== address.address ? `${address.name} <${address.address}>` : address.address
}

function toBody({ text, html }: Email): Paragraph[] {
  const plain = toParagraphs((text ?? '').replaceAll(/\r\n?/g, '\n'))
  return plain.length > 0 ? plain : toHtmlParagraphs(html ?? '')
}

function isDecoration({ mimeType, related, disposition, content }: MailPart): boolean {
  const size = typeof content === 'string' ? content.length : content.byteLength
  return mimeType.startsWith('image/') && (related === true || disposition === 'inline') && size < DECORATION
}

async function toAttachment({ filename, mimeType, content }: MailPart, index: number): Promise<Attachment> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : new Uint8Array(content)
  // A name is shown and stored, never used as a path; it is still only the last part of one.
  const name = (filename ?? '').split(/[/\\]/).at(-1)?.trim()
  if (mimeType !== 'message/rfc822')
    return { filename: name || `attachment-${index + 1}`, contentType: mimeType, bytes }
  const subject = await readSubject(bytes)
  return {
    filename: name || `${subject?.replaceAll(/[/\\]/g, '-') ?? `attachment-${index + 1}`}.eml`,
    contentType: mimeType,
    bytes,
    ...(subject && { title: subject }),
  }
}

/** The subject of a message inside another: what people know it by, for mail programs give it no name, or always the same one. */
async function readSubject(bytes: Uint8Array): Promise<string | undefined> {
  const head = bytes.subarray(0, LONGEST_HEAD)
  const end = Buffer.from(head).indexOf('\n\r\n') + 1 || Buffer.from(head).indexOf('\n\n') + 1 || head.length
  const { subject } = await parse(Buffer.from(head.subarray(0, end)))
  return subject?.trim().slice(0, LONGEST_SUBJECT) || undefined
}
