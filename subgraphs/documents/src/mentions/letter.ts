import type { FoundIdentifier } from '@passerelle/platform/identifiers'
import type { Cell, Sheet } from './cells.ts'
import { findMailHead } from './mail.ts'
import { isNameLike, nameWords } from './names.ts'
import type { FoundName } from './organizations.ts'
import { plain, tradeWords } from './words.ts'

/** The parts of a letter, by the cells they begin on; each may be missing. */
export interface Letter {
  /** "Madame, Monsieur," */
  salutation: Cell | null
  /** What stands between the closing formula and the end of the letter. */
  signature: Cell[]
}

const most = { rows: 8, cells: 40, characters: 200 }
const salutation =
  /^(?:(?:madame|monsieur|mesdames|messieurs|mademoiselle)(?:[ ,].{0,60})?,$|(?:cher|chere|chers|cheres|dear|bonjour|hello|to whom it may concern|sehr geehrte)(?![a-z]).{0,60}$)/
const closing =
  /^(?:bien |tres )?(?:cordialement|sincerement|amicalement|respectueusement|cordiales salutations|salutations)(?![a-z]).{0,40}$|^(?:veuillez|je vous prie|nous vous prions|recevez|agreez|dans l'attente).{0,120}(?:agreer|salutations|sentiments|expression|consideration)|salutations (?:distinguees|respectueuses|cordiales|les meilleures|sinceres).{0,3}$|^(?:yours (?:sincerely|faithfully|truly)|sincerely(?: yours)?|(?:with )?(?:(?:kind|best|warm) )?regards|best wishes),?$/
const ending =
  /^(?:p\.? ?j\.?(?![a-z])|pieces? jointes?|copie|c\.?c\.? ?:|enclosures?|encl\.|p\.? ?s\.? ?:|-{3,}|_{3,}|>|(?:de|from|von) ?:|le .{0,120}a ecrit ?:|on .{0,120}wrote:|page \d)/
const jobs =
  /(?<![a-z])(?:direct(?:eur|rice)|responsable|gerante?|president|chargee?|assistante?|chef|comptable|conseill(?:er|ere)|secretaire|gestionnaire|agent|juriste|manager|head|director|officer|coordinator|accountant|ceo|coo|cfo)(?![a-z])/

const folded = (cell: Cell) => plain(cell.text.slice(0, most.characters))

/** The cells of a page that its writer wrote: behind the head of a message, before what it quotes and encloses. */
function ownCells(sheet: Sheet): { greeting: Cell | null; own: Cell[] } {
  const headRow = findMailHead(sheet, [])?.row ?? -1
  const body = sheet.cells.filter(({ row }) => row > headRow)
  const greeting = body.findIndex((cell) => cell.column === 0 && salutation.test(folded(cell)))
  const end = body.findIndex((cell, index) => index > greeting && ending.test(folded(cell)))
  return { greeting: body[greeting] ?? null, own: body.slice(Math.max(0, greeting), end < 0 ? undefined : end) }
}

/** The salutation and the signature of a page that is written as a letter or a message; nothing of what it quotes. */
export function readLetter(sheet: Sheet): Letter {
  const { greeting, own } = ownCells(sheet)
  let closed = own.findIndex((cell) => closing.test(folded(cell)))
  // A formula of two lines ends on its second.
  for (let next = own[closed + 1]; closed >= 0 && next && closing.test(folded(next)); next = own[closed + 1]) closed++
  const row = own[closed]?.row
  const signature =
    row === undefined
      ? []
      : own.slice(closed + 1, closed + 1 + most.cells).filter((cell) => cell.row > row && cell.row <= row + most.rows)
  return { salutation: greeting, signature }
}

/** A name alone on its line, with its civility before it or its office behind it. */
export function isAlone({ start, end }: FoundName, cell: Cell): boolean {
  const before = plain(cell.text.slice(0, start - cell.start))
  const after = cell.text.slice(end - cell.start)
  return (
    /^(?:(?:pour|for|signe|signed)[ :]*)?(?:(?:la |le )?societe )?(?:m|mr|mrs|ms|mme|mlle|monsieur|madame|dr|me)?\.? ?$/.test(
      before,
    ) && /^(?:$|[.,]?$| ?[,(–|-])/.test(after)
  )
}

/** Who signs with a name that is no common one: two or three words under the closing, known by the office or the address below them. */
export function findSigned(sheet: Sheet, identifiers: readonly FoundIdentifier[]): FoundName[] {
  const [cell, ...below] = readLetter(sheet).signature
  if (
    !cell ||
    !/^\p{Lu}[\p{Ll}'’]+(?:-\p{Lu}[\p{Ll}'’]+)*(?: \p{L}[\p{L}'’-]*){1,2}$/u.test(cell.text) ||
    !isNameLike(cell.text)
  )
    return []
  const words = nameWords(cell.text)
  if (words.some((word) => tradeWords.has(word)) || jobs.test(plain(cell.text))) return []
  const office = below[0] && jobs.test(plain(below[0].text.slice(0, most.characters)))
  const surname = words.at(-1) ?? ''
  const address = identifiers.some(({ kind, key }) => kind === 'EMAIL' && key.split('@')[0]?.includes(surname))
  if (!office && !(address && surname.length > 2)) return []
  return [{ type: 'PERSON', name: cell.text, start: cell.start, end: cell.end, confidence: 0.7 }]
}
