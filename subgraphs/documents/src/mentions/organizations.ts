import type { Cell } from './cells.ts'
import type { Stretch } from './names.ts'
import { plain } from './words.ts'

/** A name of a company or a person, where it stands. `strong` names may be looked for elsewhere in the document. */
export interface FoundName extends Stretch {
  type: 'ORGANIZATION' | 'PERSON'
  name: string
  confidence: number
}

const forms =
  'S\\.?A\\.?R\\.?L\\.?U?|S\\.?A\\.?S\\.?U?|S\\.?A\\.?|E\\.?U\\.?R\\.?L\\.?|SNC|SCI|SCOP|SCIC|SELARL|GIE|GAEC|EARL|SCP|EIRL|' +
  'GmbH(?: & Co\\.? KG)?|AG|Ltd\\.?|Limited|LLC|LLP|Inc\\.?|Corp\\.?|PLC|plc|B\\.?V\\.?|N\\.?V\\.?|S\\.?r\\.?l\\.?|S\\.?p\\.?A\\.?'
const form = new RegExp(`(?<![\\p{L}\\p{N}.'’-])(?:${forms})(?![\\p{L}\\p{N}'’-])`, 'gu')
const formAlone = new RegExp(`^(?:${forms})$`)
const linking = /^(?:de|du|des|d['’]|la|le|les|l['’]|et|&|en|au|aux|sur|of|and|the|von|und)$/i
const generic =
  /^(?:la |le |l['’]|notre |votre )?(?:soci[ée]t[ée]|entreprise|client|fournisseur|transporteur|exp[ée]diteur|destinataire|vendeur|acheteur|chez|par|pour|[àa])\s+(?=\p{Lu})/iu
const most = { words: 7, lowercase: 4, characters: 70 }

function isNameWord(word: string): boolean {
  if (formAlone.test(word) || /^\d{4,}$|\d[.,]|[^.]{2}\.$/u.test(word.replace(/^(?:St|Ste|Ets|Cie)\.$/, '')))
    return false
  return /^[\p{Lu}\d(][\p{L}\p{N}'’&.\-+]*\)?$/u.test(word) || linking.test(word)
}

/** The words with capitals before the legal form; where there are none, the whole beginning of a short line ("Au bon moulin SARL"). */
function leftOf(cell: Cell, at: number): Stretch | null {
  const from = Math.max(0, at - most.characters)
  const before = cell.text.slice(from, at)
  const words = [...before.matchAll(/\S+/g)]
  let first = words.length
  while (first > 0 && words.length - first < most.words && isNameWord(words[first - 1]?.[0] ?? '')) first--
  while (first < words.length && !/^[\p{Lu}\d]/u.test(words[first]?.[0] ?? '')) first++
  const wholeLine = from === 0 && words.length <= most.lowercase && /^\p{Lu}[^,;:–—|\d]*$/u.test(before)
  const offset = words[first]?.index ?? (wholeLine ? 0 : undefined)
  if (offset === undefined) return null
  const skipped = generic.exec(before.slice(offset))?.[0].length ?? 0
  return { start: from + offset + skipped, end: at }
}

/** "SARL Dupont Frères": the words with capitals behind a legal form that nothing precedes. */
function rightOf(cell: Cell, at: number): Stretch | null {
  const words = [...cell.text.slice(at, at + most.characters).matchAll(/\S+/g)]
  let last = 0
  while (
    last < Math.min(words.length, 5) &&
    isNameWord(words[last]?.[0].replace(/[,;.]$/, '') ?? '') &&
    !/[,;.]$/.test(words[last - 1]?.[0] ?? '')
  )
    last++
  while (last > 0 && linking.test(words[last - 1]?.[0] ?? '')) last--
  const [first, end] = [words[0], words[last - 1]]
  return first && end && /^\p{Lu}\p{L}/u.test(first[0])
    ? { start: at + first.index, end: at + end.index + end[0].length }
    : null
}

function trimmed(name: string): string {
  return name.replace(/^[\s"«(]+|[\s"».,;:)]+$/g, '')
}

/** Companies by their legal form, before or behind the name. */
export function findByLegalForm(cell: Cell): FoundName[] {
  const found: FoundName[] = []
  for (const match of cell.text.matchAll(form)) {
    const end = match.index + match[0].length
    const left = leftOf(cell, match.index)
    const stretch = left ? { start: left.start, end } : rightOf(cell, end)
    if (!stretch) continue
    const start = left ? stretch.start : match.index
    const name = trimmed(cell.text.slice(start, stretch.end))
    const own = plain(name.replace(form, '')).replace(/[^a-z0-9]/g, '')
    // "SA" is also a word, and alone it names nobody.
    if (own.length < 2 || (match[0] === 'SA' && !/[a-zà-ÿ]/.test(cell.text) && start === match.index)) continue
    const offset = cell.start + start + cell.text.slice(start).indexOf(name)
    found.push({ type: 'ORGANIZATION', name, start: offset, end: offset + name.length, confidence: 0.9 })
  }
  return found
}

const carriers =
  /(?<![\p{L}\p{N}@.-])(?:Chronopost|Colissimo|Mondial Relay|Relais Colis|DHL(?: Express)?|UPS|FedEx|GLS|DPD|TNT|Geodis|GEODIS|Heppner|XPO Logistics|Kuehne \+ Nagel|DB Schenker|DSV|CMA CGM|Maersk|Hapag-Lloyd|La Poste|Amazon|Airbnb|Booking\.com|Abritel|SNCF|Urssaf|URSSAF)(?![\p{L}\p{N}@]|\.\p{L})/gu

/** Carriers and platforms that everyone knows by name. */
export function findWellKnown(cell: Cell): FoundName[] {
  return Array.from(cell.text.matchAll(carriers), ({ 0: name, index }) => ({
    type: 'ORGANIZATION' as const,
    name,
    start: cell.start + index,
    end: cell.start + index + name.length,
    confidence: 0.8,
  }))
}
