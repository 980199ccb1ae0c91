import type { Cell, Sheet } from './cells.ts'
import { isBehindStreet, isPersonName } from './names.ts'
import type { FoundName } from './organizations.ts'
import { plain, tradeWords } from './words.ts'

const part = String.raw`\p{Lu}[\p{L}'’]*(?:-\p{Lu}[\p{L}'’]*)*`
const particle = String.raw`(?:(?:de la|de l['’]|des|du|de|d['’]|le|la|van der|van|von|De La|De|Du|Des|D['’]|Le|La|Van|Von|El|Ben|Da) ?)?`
const civility = new RegExp(
  String.raw`(?<![\p{L}\p{N}])(?:M\.|MM\.|Mr\.?|Mrs\.?|Ms\.?|Mme\.?|Mlle\.?|Monsieur|Madame|Mademoiselle|Dr\.?|Docteur|Maître|Me)\s((?:(?:de la |de |du |des |d['’]|van |von ))?${part}(?: ${particle}${part}){0,3})`,
  'gu',
)
const pair = new RegExp(String.raw`(?<![\p{L}\p{N}'’-])${part} ${particle}${part}(?![\p{L}'’-])`, 'gu')
const label =
  /^(?:contact(?: commercial)?|interlocuteur|interlocutrice|chauffeur|conducteur|conductrice|signataire|represente par|gerante?|directeur|directrice|president|presidente|nom(?: du (?:signataire|chauffeur|client|voyageur|locataire|proprietaire))?|receptionnaire|proprietaire|locataire|voyageur|a l'attention de|attention|attn|driver|signed by|signe par|recu par|livreur|suivi par|affaire suivie par|redige par|geschaftsfuhrer)\s*:?\s*/
const notPeople =
  /^(?:Madame|Monsieur|Mademoiselle|Le|La|Les|Directeur|Directrice|Président|Présidente|Maire|Propriétaire|Client|Gérant|Objet)$/

function toPerson(name: string, start: number, confidence: number): FoundName {
  return { type: 'PERSON', name, start, end: start + name.length, confidence }
}

function withoutTail(name: string): string {
  const words = name.split(' ')
  while (words.length > 0 && (notPeople.test(words.at(-1) ?? '') || tradeWords.has(plain(words.at(-1) ?? ''))))
    words.pop()
  return words.join(' ')
}

/** People behind "M.", "Mme", "Dr" and their relatives. */
export function byCivility({ text, start }: Cell): FoundName[] {
  return Array.from(text.matchAll(civility)).flatMap((match) => {
    const [whole, name = ''] = match
    const own = withoutTail(name)
    const known = own.length > 1 && !notPeople.test(own.split(' ')[0] ?? '')
    return known ? [toPerson(own, start + match.index + whole.length - name.length, 0.9)] : []
  })
}

/** Any two words with capitals may be the name, also the second and the third ("Signé DUPONT Jean"). */
function byFirstName({ text, start }: Cell): FoundName[] {
  const found: FoundName[] = []
  pair.lastIndex = 0
  for (let match = pair.exec(text); match; match = pair.exec(text)) {
    const [name] = match
    const next = /^ ([\p{L}]+)/u.exec(text.slice(match.index + name.length, match.index + name.length + 40))?.[1] ?? ''
    if (isPersonName(name) && !isBehindStreet(text, match.index) && !tradeWords.has(plain(next))) {
      found.push(toPerson(name, start + match.index, 0.75))
    } else pair.lastIndex = match.index + name.search(/ /)
  }
  return found
}

function byLabel(cell: Cell, sheet: Sheet): FoundName[] {
  const said = label.exec(plain(cell.text.slice(0, 160)))?.[0]
  if (said === undefined) return []
  const rest = cell.text.slice(said.length)
  const target = rest
    ? /[:\s]$/.test(said)
      ? { text: rest, start: cell.start + said.length }
      : null
    : (sheet.beside(cell) ?? sheet.below(cell))
  const name = target && new RegExp(`^${part}(?: ${particle}${part}){1,3}(?=$|[,(–-])`, 'u').exec(target.text)?.[0]
  if (!target || !name || withoutTail(name) !== name || name.split(' ').some((word) => tradeWords.has(plain(word))))
    return []
  return [toPerson(name, target.start, said.includes(':') || isPersonName(name) ? 0.85 : 0.6)]
}

/** People by their civility, by a label such as "Contact", or by a common first name with a surname. */
export function findPeople(cell: Cell, sheet: Sheet): FoundName[] {
  return [...byCivility(cell), ...byLabel(cell, sheet), ...byFirstName(cell)]
}
