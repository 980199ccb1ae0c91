import type { Cell, Sheet } from './cells.ts'
import { isNameLike, isPersonName, nameWords } from './names.ts'
import { findByLegalForm, type FoundName } from './organizations.ts'
import { byCivility } from './people.ts'
import { isAddressLine } from './places.ts'
import { plain, tradeWords } from './words.ts'

/** Somebody who takes part in the business of a document: the name and the lines that belong to it (address, numbers, people). */
export interface Party {
  name: FoundName
  cells: Cell[]
  /** What its label says it does; null without a label, or when the label says neither. */
  side: 'ISSUER' | 'RECIPIENT' | null
}

const issuer =
  /^(?:\d{1,2} )?(?:expediteur|fournisseur|vendeur|emetteur|prestataire|shipper|sender|seller|supplier|from|verkaufer)(?![a-z])/
const recipient =
  /^(?:\d{1,2} )?(?:destinataire|clients?|acheteur|facture a|livre a|adresse de (?:facturation|livraison)|consignee|buyer|customer|bill to|ship to|invoice to|deliver to|sold to|kaufer)(?![a-z])/
const role =
  /^(?:\d{1,2} )?(?:expediteur|destinataire|transporteur|client|clients?|fournisseur|vendeur|acheteur|donneur d'ordres?|chargeur|facture a|livre a|adresse de (?:facturation|livraison)|adresse d'(?:enlevement|expedition)|emetteur|prestataire|bailleur|preneur|locataire|proprietaire|mandant|mandataire|shipper|sender|consignee|carrier|seller|buyer|customer|supplier|bill to|ship to|invoice to|deliver to|sold to|from|verkaufer|kaufer(?:\/leistungsempfanger)?)(?: \([^)]*\))?\s*(?::\s*|$)/
const most = { rows: 8 }
const detail =
  /^(?:tel|fax|port|mobile|e-?mail|mail|courriel|n° ?tva|n° ?siret|tva|siret|siren|rcs|ape|iban|vehicule|site|www|http|service|contact|france$|[^\p{L}\d]{0,3}\+?\d)|@/u

function isDetail(cell: Cell): boolean {
  return isAddressLine(cell.text) || detail.test(plain(cell.text.slice(0, 160)))
}

function classify(cell: Cell, confidence: number): FoundName | null {
  const [company] = findByLegalForm(cell)
  if (company) return company
  const [person] = byCivility(cell)
  if (person) return person
  if (!isNameLike(cell.text)) return null
  const type = isPersonName(cell.text) ? 'PERSON' : 'ORGANIZATION'
  const sure = type === 'PERSON' || nameWords(cell.text).some((word) => tradeWords.has(word))
  return {
    type,
    name: cell.text,
    start: cell.start,
    end: cell.end,
    confidence: sure ? Math.max(confidence, 0.8) : confidence,
  }
}

/** The line of somebody inside a company: only a line above the address can be one. */
function isMember(cell: Cell): boolean {
  return isPersonName(cell.text) || /^(?:service|a l'attention)/.test(plain(cell.text.slice(0, 160)))
}

/** The lines under a name as long as they say where and how to reach it. */
function extend(first: Cell, sheet: Sheet): Cell[] {
  const cells = [first]
  let addressed = false
  for (let cell = sheet.below(first); cell && cells.length < most.rows; cell = sheet.below(cell)) {
    if (!isDetail(cell) && (addressed || !isMember(cell))) break
    addressed ||= isAddressLine(cell.text)
    cells.push(cell)
  }
  return cells
}

function sideOf(label: string): Party['side'] {
  return issuer.test(label) ? 'ISSUER' : recipient.test(label) ? 'RECIPIENT' : null
}

function labelled(cell: Cell, sheet: Sheet): Party | null {
  const said = role.exec(plain(cell.text.slice(0, 160)))?.[0]
  if (said === undefined) return null
  const rest = cell.text.slice(said.length)
  const inside = rest ? { ...cell, text: rest, start: cell.end - rest.length } : null
  for (const candidate of inside ? [inside] : [sheet.below(cell), sheet.beside(cell)]) {
    const name =
      candidate && !role.test(plain(candidate.text.slice(0, 160))) && !isAddressLine(candidate.text)
        ? classify(candidate, 0.8)
        : null
    if (candidate && name) return { name, cells: extend(candidate, sheet), side: sideOf(said) }
  }
  return null
}

/** A company at the beginning of a line, with the lines under it that say how to reach it. */
function opening(cell: Cell, sheet: Sheet): Party | null {
  const name = findByLegalForm(cell)[0]
  return name && name.start === cell.start ? { name, cells: extend(cell, sheet), side: null } : null
}

/** A name above an address, as letterheads and address fields print it; a person's line may stand between the two. */
function aboveAddress(cell: Cell, sheet: Sheet): Party | null {
  const below = sheet.below(cell)
  if (!below || isDetail(cell)) return null
  const second = isMember(below) ? sheet.below(below) : undefined
  if (!isAddressLine(below.text) && !(second && isAddressLine(second.text))) return null
  const name = classify(cell, 0.65)
  return name ? { name, cells: extend(cell, sheet), side: null } : null
}

/** The parties of a page: by the label of their role, or by the address under their name. */
export function findParties(sheet: Sheet): Party[] {
  const parties = new Map<number, Party>()
  for (const cell of sheet.cells) {
    if (cell.text.length < 3 || !/\p{Lu}/u.test(cell.text)) continue
    const party = labelled(cell, sheet) ?? aboveAddress(cell, sheet) ?? opening(cell, sheet)
    const known = party && parties.get(party.name.start)
    if (!party) continue
    const side = party.side ?? known?.side ?? null
    const surest = known && known.name.confidence >= party.name.confidence ? known : party
    parties.set(party.name.start, { ...surest, side })
  }
  return [...parties.values()]
}
