import type { FoundIdentifier } from '@passerelle/platform/identifiers'
import { countPassing } from '../chunking/sorted.ts'
import type { FoundMention, PageFindings } from './mentions.ts'
import type { Stretch } from './names.ts'
import type { FoundName } from './organizations.ts'

/** How two mentions are related; `from` and `to` are their positions in the list of mentions. */
export interface Relation {
  from: number
  to: number
  type: 'IDENTIFIES' | 'WORKS_FOR'
  confidence: number
}

const ofCompanies = new Set(['SIREN', 'SIRET', 'VAT', 'IBAN', 'EMAIL', 'PHONE'])
const farOnLine = 250
const ofIssuer = new Set(['SIREN', 'SIRET', 'IBAN'])

type Link = {
  from: Stretch & { key?: string; kind?: string }
  to: FoundName
  type: Relation['type']
  confidence: number
}

function isCompany(name: FoundName): boolean {
  return name.type === 'ORGANIZATION'
}

/** The company printed last before the identifier in the same line and sentence ("Durand SAS – RCS Nantes 787 495 019"). */
function onSameLine({ names, sheet, page }: PageFindings, identifier: FoundIdentifier): FoundName | undefined {
  const name = names[countPassing(names, ({ end }) => end <= identifier.start) - 1]
  if (!name || !isCompany(name) || identifier.start - name.end > farOnLine) return undefined
  if (sheet.at(name.start)?.row !== sheet.at(identifier.start)?.row) return undefined
  return /[\p{Ll}\d)] ?[.!?] \p{Lu}/u.test(page.text.slice(name.end, identifier.start)) ? undefined : name
}

/** Who each line belongs to, by the offset at which it starts. */
function ownersOf({ parties }: PageFindings): Map<number, FoundName> {
  return new Map(parties.toReversed().flatMap(({ name, cells }) => cells.map((cell) => [cell.start, name] as const)))
}

/** The company whose line has a register number, as the foot of a business letter prints it. */
export function registeredCompany(finding: PageFindings): FoundName | undefined {
  for (const identifier of finding.identifiers) {
    const name =
      identifier.kind === 'SIREN' || identifier.kind === 'SIRET' ? onSameLine(finding, identifier) : undefined
    if (name) return name
  }
  return undefined
}

/** The company with a legal form, when a page names one only. */
export function onlyFormalCompany({ names }: PageFindings): FoundName | undefined {
  const formal = names.filter((name) => isCompany(name) && name.confidence >= 0.9)
  return new Set(formal.map(({ name }) => name)).size === 1 ? formal[0] : undefined
}

function linksOf(finding: PageFindings): Link[] {
  const owners = ownersOf(finding)
  const issuer = registeredCompany(finding) ?? onlyFormalCompany(finding)
  const ownerAt = (offset: number) => owners.get(finding.sheet.at(offset)?.start ?? -1)
  const identifiers = finding.identifiers.flatMap((identifier): Link[] => {
    if (!ofCompanies.has(identifier.kind)) return []
    const line = onSameLine(finding, identifier)
    if (line) return [{ from: identifier, to: line, type: 'IDENTIFIES', confidence: 0.9 }]
    const owner = ownerAt(identifier.start)
    if (owner) return [{ from: identifier, to: owner, type: 'IDENTIFIES', confidence: 0.85 }]
    // A VAT number somewhere on the page may as well be the customer's.
    const issued = issuer && ofIssuer.has(identifier.kind) && identifier.derivedFrom !== 'VAT'
    return issued ? [{ from: identifier, to: issuer, type: 'IDENTIFIES', confidence: 0.6 }] : []
  })
  const people = finding.names.flatMap((person): Link[] => {
    const company = person.type === 'PERSON' ? (ownerAt(person.start) ?? companyUnder(finding, person)) : undefined
    return company && isCompany(company) ? [{ from: person, to: company, type: 'WORKS_FOR', confidence: 0.6 }] : []
  })
  return [...identifiers, ...people]
}

/** A signature: the person alone on a line, the company on one of the next two. */
function companyUnder({ names, sheet }: PageFindings, person: FoundName): FoundName | undefined {
  const cell = sheet.at(person.start)
  if (!cell || cell.start !== person.start || cell.end !== person.end) return undefined
  const next = names[countPassing(names, ({ start }) => start <= person.start)]
  const row = next && sheet.at(next.start)
  return row && row.start === next.start && row.row - cell.row <= 2 ? next : undefined
}

function keyOf(page: number, { start, end }: Stretch, kind: string | null): string {
  return `${page} ${start} ${end} ${kind ?? ''}`
}

/** Who works for whom, and which numbers and addresses belong to whom, each once. */
export function relate(findings: readonly PageFindings[], mentions: readonly FoundMention[]): Relation[] {
  const positions = new Map(mentions.map((mention, index) => [keyOf(mention.page, mention, mention.kind), index]))
  const relations = new Map<string, Relation>()
  for (const finding of findings) {
    for (const { from, to, type, confidence } of linksOf(finding)) {
      const source = positions.get(keyOf(finding.page.number, from, from.kind ?? null))
      const target = positions.get(keyOf(finding.page.number, to, null))
      if (source === undefined || target === undefined) continue
      const [left, right] = [mentions[source], mentions[target]]
      const pair = `${left?.entityType} ${left?.kind} ${left?.key} ${right?.entityType} ${right?.key} ${type}`
      const known = relations.get(pair)
      if (!known || known.confidence < confidence) relations.set(pair, { from: source, to: target, type, confidence })
    }
  }
  return [...relations.values()]
}
