import type { DocumentKind } from '../document/kind.ts'
import { findMailHead } from './mail.ts'
import type { FoundMention, PageFindings } from './mentions.ts'
import type { Stretch } from './names.ts'
import type { Said } from './said.ts'
import { plain } from './words.ts'

const subjectLine = /^(?:objet|subject|sujet|concerne|re|betreff|betrifft) ?:/
const most = { rows: 40, titleRows: 6, characters: 200 }
/** A line of a subject that is this long may go on below. */
const full = 60
const nameable = new Set(['TRACKING_NUMBER', 'SSCC', 'CONTAINER', 'INVOICE_NUMBER', 'PLATE', 'REGISTRATION_NUMBER'])
const ownEvent = new Map<DocumentKind | null, string>([
  ['DELIVERY_NOTE', 'delivery'],
  ['PROOF_OF_DELIVERY', 'delivery'],
  ['CMR', 'pickup'],
])
const carried = new Set(['TRACKING_NUMBER', 'SSCC', 'CONTAINER'])

/** The subject of a letter or a message, where the first page says it. */
function subjectOf({ page, sheet }: PageFindings): Stretch | null {
  const head = findMailHead(sheet, page.headings)
  if (head?.subject) return head.subject
  const cell = sheet.cells.find(
    ({ row, text }) => row < most.rows && subjectLine.test(plain(text.slice(0, most.characters))),
  )
  if (!cell) return null
  const value = cell.text.trimEnd().endsWith(':') ? sheet.beside(cell) : null
  const next = sheet.below(cell)
  const goesOn = cell.text.length > full && next && next.start - cell.end === 1 && !/^[^:]{1,20}:/.test(next.text)
  return { start: cell.start, end: goesOn ? next.end : (value ?? cell).end }
}

function titleOf({ page, sheet }: PageFindings): Stretch | null {
  const [heading] = page.headings
  return heading && (sheet.at(heading.start)?.row ?? most.titleRows) < most.titleRows ? heading : null
}

function isIn(place: Stretch | null, { start, end }: Stretch): boolean {
  return place !== null && start >= place.start && end <= place.end
}

/** The only entity among these; null when they are of several, or none. */
function only(mentions: readonly FoundMention[]): FoundMention | null {
  const [first] = mentions
  return first && mentions.every(({ key }) => key === first.key) ? first : null
}

/** What a transport paper is made out for: its one delivery or pick-up, and what it carries under one number. */
function carriedBy(mentions: readonly FoundMention[], kind: DocumentKind | null): FoundMention[] {
  const event = ownEvent.get(kind)
  if (!event) return []
  const happened = only(
    mentions.filter((mention) => mention.entityType === 'EVENT' && mention.key.startsWith(`${event} `)),
  )
  const numbers = [...carried].map((number) => only(mentions.filter((mention) => mention.kind === number)))
  return [happened, ...numbers].filter((mention) => mention !== null)
}

/**
 * The places that say what a document is about: topics and events of its title and subject line, the shipment or invoice the subject
 * line names, the one event of a complaint, and what a transport paper is made out for.
 */
export function findSubjects(
  findings: readonly PageFindings[],
  mentions: readonly FoundMention[],
  kind: DocumentKind | null,
): Said[] {
  const first = findings.find(({ page }) => page.text.trim() !== '')
  if (!first) return []
  const [subject, title] = [subjectOf(first), titleOf(first)]
  // The number in the subject of an invoice is its own.
  const isInvoice = kind === 'INVOICE' || kind === 'CREDIT_NOTE'
  const told = mentions.filter((mention) => {
    if (mention.page !== first.page.number) return false
    const isMatter = mention.entityType === 'TOPIC' || mention.entityType === 'EVENT'
    const isNumber =
      mention.kind !== null && nameable.has(mention.kind) && !(isInvoice && mention.kind === 'INVOICE_NUMBER')
    return isIn(subject, mention) ? isMatter || isNumber : isMatter && isIn(title, mention)
  })
  const complained = kind === 'COMPLAINT' ? only(mentions.filter(({ entityType }) => entityType === 'EVENT')) : null
  const implied = [...carriedBy(mentions, kind), ...(complained ? [complained] : [])]
  const toSaid =
    (confidence: number) =>
    ({ page, start, end, entityType }: FoundMention): Said => ({
      page,
      start,
      end,
      entityType,
      relation: 'ABOUT',
      confidence,
    })
  return [...told.map(toSaid(0.85)), ...implied.map(toSaid(0.7))]
}
