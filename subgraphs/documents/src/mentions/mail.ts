import type { Cell, Sheet } from './cells.ts'
import { isNameLike, isPersonName, nameWords, type Stretch } from './names.ts'
import type { FoundName } from './organizations.ts'
import { plain, tradeWords } from './words.ts'

/** The head of a message: who sends it, what it is about, and the line it ends on. */
export interface MailHead {
  sender: Stretch
  subject: Stretch | null
  row: number
}

const most = { rows: 30, lines: 8, characters: 500 }
const fromLabel = /^(?:from|de|von|expediteur) ?:\s*/
const toLabel = /^(?:to|a|an|pour|destinataire) ?:/
const subjectLabel = /^(?:subject|objet|sujet|betreff) ?:\s*/
const dateLabel = /^(?:date|sent|envoye(?: le)?|gesendet) ?:/
const addressed =
  /(?:^|[:;,])\s{0,3}["']?(\p{Lu}[\p{L}\d .&'’-]{1,60}?)["']?\s?[<[(]([\p{L}\d._%+-]{1,64})@([\p{L}\d.-]{3,120})[>\])]/gu
const threeWords = /^\p{Lu}[\p{L}'’-]+(?: \p{L}[\p{L}'’-]*){1,3}$/u

/** What stands behind a label: in its cell, else in the cell beside it. */
function valueOf(cell: Cell, label: RegExp, sheet: Sheet): Stretch | null {
  const length = label.exec(plain(cell.text.slice(0, most.characters)))?.[0].length ?? 0
  if (cell.start + length < cell.end) return { start: cell.start + length, end: cell.end }
  return sheet.beside(cell) ?? null
}

/**
 * The head of the message that a page begins with: a sender's line with an address, or one among the lines of receiver and date or
 * subject. A message quoted further down has another head, which is not the page's.
 */
export function findMailHead(sheet: Sheet, headings: readonly Stretch[]): MailHead | null {
  const lines = sheet.cells
    .filter(({ row, column }) => row < most.rows + most.lines && column === 0)
    .map((cell) => ({ cell, text: plain(cell.text.slice(0, most.characters)) }))
  const at = lines.findIndex(({ cell, text }) => cell.row < most.rows && fromLabel.test(text))
  const from = lines[at]
  if (!from) return null
  const behind = lines.slice(at + 1, at + most.lines)
  // A line that is neither labelled nor the rest of the one before it begins the text.
  const end = behind.findIndex(
    ({ cell, text }, index) => !/^[a-z ]{1,20}:/.test(text) && cell.start - (behind[index - 1] ?? from).cell.end > 1,
  )
  const near = [...lines.slice(Math.max(0, at - 3), at + 1), ...behind.slice(0, end < 0 ? undefined : end)]
  const told = near.filter(({ text }) => toLabel.test(text) || subjectLabel.test(text) || dateLabel.test(text))
  if (!told.some(({ text }) => toLabel.test(text)) || told.length < (from.text.includes('@') ? 1 : 2)) return null
  const sender = valueOf(from.cell, fromLabel, sheet)
  const about = near.find(({ text }) => subjectLabel.test(text))?.cell
  const heading = headings.find(({ end }) => end < from.cell.start)
  const row = Math.max(from.cell.row, ...told.map(({ cell }) => cell.row))
  return sender && { sender, subject: about ? valueOf(about, subjectLabel, sheet) : (heading ?? null), row }
}

/** Whether the words before an address name a person or a company, as far as the words or the address itself tell. */
function typeOf(name: string, local: string, domain: string): FoundName['type'] | null {
  const words = nameWords(name)
  if (isPersonName(name)) return 'PERSON'
  if (!isNameLike(name)) return null
  if (words.some((word) => tradeWords.has(word))) return 'ORGANIZATION'
  if (threeWords.test(name) && words.some((word) => word.length > 2 && plain(local).includes(word))) return 'PERSON'
  const joined = words.join('')
  return joined.length > 4 && plain(domain).replace(/[.-]/g, '').startsWith(joined) ? 'ORGANIZATION' : null
}

/** The names in the lines of a message's head: "Yannis Abgrall <y.abgrall@exemple.fr>". */
export function findMailNames({ text, start }: Cell): FoundName[] {
  const line = text.slice(0, most.characters)
  if (!line.includes('@')) return []
  return Array.from(line.matchAll(addressed)).flatMap((match): FoundName[] => {
    const [whole, name = '', local = '', domain = ''] = match
    const type = typeOf(name, local, domain)
    const at = start + match.index + whole.indexOf(name)
    return type ? [{ type, name, start: at, end: at + name.length, confidence: 0.85 }] : []
  })
}
