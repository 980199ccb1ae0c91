import { nameKey, type FoundIdentifier } from '@passerelle/platform/identifiers'
import type { ReadPage } from '../reading/reading.ts'
import type { Sheet } from './cells.ts'
import { findSigned } from './letter.ts'
import { findMailNames } from './mail.ts'
import type { PageFindings } from './mentions.ts'
import type { Stretch } from './names.ts'
import { findByLegalForm, findWellKnown, type FoundName } from './organizations.ts'
import { findParties } from './parties.ts'
import { findPeople } from './people.ts'

type ReadSheet = { page: ReadPage; sheet: Sheet; identifiers: FoundIdentifier[] }

/** Names that are looked for again in the rest of a document, at most. */
const mostRepeated = 60

/** Keeps the surest of names that share characters with one another or with an identifier, the longer one of equals. In reading order. */
function withoutOverlaps(names: readonly FoundName[], length: number, identifiers: readonly Stretch[]): FoundName[] {
  const taken = new Uint8Array(length)
  for (const { start, end } of identifiers) taken.fill(1, start, end)
  const surestFirst = names.toSorted(
    (left, right) => right.confidence - left.confidence || right.end - right.start - (left.end - left.start),
  )
  const kept = surestFirst.filter(({ start, end }) => {
    if (taken.subarray(start, end).includes(1)) return false
    taken.fill(1, start, end)
    return true
  })
  return kept.sort((left, right) => left.start - right.start)
}

function findOnPage({ page, sheet, identifiers }: ReadSheet): PageFindings {
  const parties = findParties(sheet)
  const found = sheet.cells
    .filter(({ text }) => text.length > 2 && /\p{Lu}/u.test(text))
    .flatMap((cell) => [
      ...findByLegalForm(cell),
      ...findWellKnown(cell),
      ...findPeople(cell, sheet),
      ...findMailNames(cell),
    ])
    .concat(findSigned(sheet, identifiers))
  const names = withoutOverlaps([...parties.map(({ name }) => name), ...found], page.text.length, identifiers)
  const kept = new Set(names)
  return { page, sheet, identifiers, parties: parties.filter(({ name }) => kept.has(name)), names }
}

function occurrences(text: string, name: FoundName): FoundName[] {
  const found: FoundName[] = []
  for (let start = text.indexOf(name.name); start !== -1; start = text.indexOf(name.name, start + name.name.length)) {
    const end = start + name.name.length
    if (/[\p{L}\p{N}]/u.test(`${text[start - 1] ?? ''}${text[end] ?? ''}`)) continue
    found.push({ ...name, start, end, confidence: Math.min(name.confidence, 0.8) })
  }
  return found
}

/** "Madame Lambert" is the Sophie Lambert of the same document, when there is only one of that name. */
function withFullNames(findings: readonly PageFindings[]): PageFindings[] {
  const surname = (name: string) => nameKey(name).split(' ').at(-1) ?? ''
  const full = new Map<string, Set<string>>()
  for (const { type, name } of findings.flatMap(({ names }) => names)) {
    if (type === 'PERSON' && name.includes(' '))
      full.set(surname(name), (full.get(surname(name)) ?? new Set()).add(name))
  }
  const complete = (name: FoundName): FoundName => {
    const [only, ...others] =
      name.type === 'PERSON' && !name.name.includes(' ') ? (full.get(surname(name.name)) ?? []) : []
    return only && others.length === 0 ? { ...name, name: only, confidence: 0.7 } : name
  }
  return findings.map((finding) => ({ ...finding, names: finding.names.map(complete) }))
}

/**
 * The names of companies and people on each page. A name of two words or more that a label, an address or a legal form gave away
 * is then found wherever else the document prints it.
 */
export function findNames(sheets: readonly ReadSheet[]): PageFindings[] {
  const findings = sheets.map(findOnPage)
  const known = new Map(findings.flatMap(({ names }) => names.map((name) => [name.name, name])))
  const repeated = [...known.values()]
    .filter(({ name }) => name.includes(' ') && name.length > 5)
    .slice(0, mostRepeated)
  const everywhere = findings.map((finding) => {
    const more = repeated.flatMap((name) => occurrences(finding.page.text, name))
    return {
      ...finding,
      names: withoutOverlaps([...finding.names, ...more], finding.page.text.length, finding.identifiers),
    }
  })
  return withFullNames(everywhere)
}
