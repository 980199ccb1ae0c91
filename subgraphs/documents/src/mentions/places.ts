import type { Cell, Sheet } from './cells.ts'
import type { Stretch } from './names.ts'
import { plain } from './words.ts'

/** A place: a town, a country, or a whole address (street, postcode, town). */
export interface FoundPlace extends Stretch {
  name: string
  confidence: number
}

const street =
  /^(?:\d{1,4}(?: ?(?:bis|ter|quater|[a-d]))?(?: ?[-/] ?\d{1,4})?,? )(?:rue|avenue|av\.?|bd|boulevard|chemin|che?m\.|place|pl\.|quai|all[ée]es?|impasse|imp\.|route|rte|cours|square|passage|faubourg|fbg|rond-point|villa|hameau|lotissement|sentier|voie|esplanade|promenade|mont[ée]e|ruelle|traverse|parvis|mail|clos|cit[ée])(?![\p{L}])/iu
const foreignStreet =
  /^(?:\d{1,5} [\p{L} ]{2,30} (?:street|st\.?|road|rd\.?|lane|drive|avenue|ave\.?)|[\p{L}]{3,30}(?:stra(?:ß|ss)e|str\.) \d{1,4} ?[a-z]?)$/iu
const site =
  /^(?:z\.?i\.?|z\.?a\.?(?:c|e)?\.?|parc|b\.?p\.?|c\.?s\.?|b[âa]t(?:iment|\.)?|immeuble|r[ée]sidence|lieu-dit|hameau|zone|port de|entr[ée]e|[ée]tage|appt?\.?|appartement)(?![\p{L}])/iu
const postcode = String.raw`(?<![\d,.])(?:F-? ?)?((?:0[1-9]|[1-8]\d|9[0-578])\d{3})`
const townWord = String.raw`\p{Lu}[\p{L}'’]*(?:-\p{L}[\p{L}'’]*)*`
const town = String.raw`(${townWord}(?: (?:(?:sur|en|de|du|des|la|le|les|lès|sous|et|aux?|d['’]|l['’]) ?){0,3}${townWord}){0,4})`
const postal = new RegExp(`(?:^|[,–-] ?|\\bà )${postcode} {1,2}${town}`, 'gu')
const postalLine = new RegExp(`^${postcode} {1,2}${town}`, 'u')
const townAlone = new RegExp(`^${town}(?=$|[,(])`, 'u')
const dated = new RegExp(`^${town}, (?:le|the) (?:\\d{1,2}|1er)(?![\\d])`, 'u')
const unit = /^(?:EUR|USD|KG|KM|TTC|HT|PCS|UN|PAL|Client|Dossier|Commande)\b/
const countries = new Set(
  (
    'france belgique belgium luxembourg suisse switzerland allemagne germany deutschland espagne spain italie italy portugal pays-bas netherlands ' +
    'royaume-uni united-kingdom great-britain united-states etats-unis angleterre irlande autriche pologne danemark suede norvege finlande grece tchequie hongrie roumanie bulgarie croatie maroc tunisie ' +
    'algerie senegal turquie chine japon canada etats-unis monaco'
  ).split(' '),
)
const placeLabel =
  /^(?:\d{1,2} )?(?:lieu|ville) (?:(?:et date )?(?:prevue?s? )?(?:de|pour|du) (?:la |l')?(?:livraison|chargement|dechargement|prise en charge|enlevement|depart|destination))/

/** True for a line of a postal address: a street, a site, or a postcode with its town. */
export function isAddressLine(text: string): boolean {
  return isStreet(text) || site.test(text) || postalLine.test(text)
}

function isStreet(text: string): boolean {
  return street.test(text) || foreignStreet.test(text)
}

function cleanTown(name: string): string {
  return name.replace(/ cedex.*$/i, '').trim()
}

function townsIn(cell: Cell): FoundPlace[] {
  const found: FoundPlace[] = []
  for (const match of cell.text.matchAll(postal)) {
    const [whole, , name = ''] = match
    const cleaned = cleanTown(name)
    if (unit.test(name) || !cleaned) continue
    const start = cell.start + match.index + whole.length - name.length
    found.push({ name: cleaned, start, end: start + cleaned.length, confidence: 0.9 })
  }
  const [, name = ''] = dated.exec(cell.text) ?? []
  if (name) found.push({ name, start: cell.start, end: cell.start + name.length, confidence: 0.85 })
  return found
}

/** "12 rue des Lilas, 44000 Nantes" in one cell, or the street above the line with the postcode. */
function addressAt(cell: Cell, sheet: Sheet, towns: readonly FoundPlace[]): FoundPlace | null {
  if (!isStreet(cell.text)) return null
  const inside = towns.find((place) => place.start >= cell.start && place.end <= cell.end)
  if (inside)
    return { name: cell.text.slice(0, inside.end - cell.start), start: cell.start, end: inside.end, confidence: 0.85 }
  let next = sheet.below(cell)
  if (next && site.test(next.text)) next = sheet.below(next)
  const under = next && towns.find((place) => place.start >= next.start && place.end <= next.end)
  if (!next || !under || !/^(?:F-? ?)?\d{5}/.test(next.text)) return null
  return {
    name: `${cell.text.replace(/,$/, '')}, ${next.text.slice(0, under.end - next.start)}`,
    start: cell.start,
    end: under.end,
    confidence: 0.85,
  }
}

function countryIn(cell: Cell): FoundPlace[] {
  const last = /(?:^|[,–-] ?)([\p{L}-]+(?: \p{L}+)?)$/u.exec(cell.text.slice(-40))?.[1] ?? ''
  if (!countries.has(plain(last).replace(' ', '-')) || !/^\p{Lu}/u.test(last)) return []
  return [{ name: last, start: cell.end - last.length, end: cell.end, confidence: 0.8 }]
}

function labelled(cell: Cell, sheet: Sheet): FoundPlace[] {
  if (!placeLabel.test(plain(cell.text))) return []
  const same = /:\s*(\S.*)$/.exec(cell.text)
  const target = same?.[1]
    ? { text: same[1], start: cell.end - same[1].length }
    : (sheet.beside(cell) ?? sheet.below(cell))
  const [name = ''] = target ? (townAlone.exec(target.text) ?? []) : []
  return target && name ? [{ name, start: target.start, end: target.start + name.length, confidence: 0.8 }] : []
}

/** The towns, countries and addresses of a page. A town is found by its postcode, its date line or its label, never by its name alone. */
export function findPlaces(sheet: Sheet): FoundPlace[] {
  const cells = sheet.cells.filter(({ text }) => text.length > 2 && /\p{Lu}|\d/u.test(text))
  const towns = cells.flatMap(townsIn)
  const byStart = new Map(towns.map((place) => [place.start, place]))
  for (const place of cells.flatMap((cell) => labelled(cell, sheet)))
    if (!byStart.has(place.start)) byStart.set(place.start, place)
  const addresses = cells.flatMap((cell) => addressAt(cell, sheet, towns) ?? [])
  return [...byStart.values(), ...addresses, ...cells.flatMap(countryIn)]
}
