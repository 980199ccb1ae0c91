import { nameKey } from '@passerelle/platform/identifiers'
import type { DocumentKind } from '../document/kind.ts'
import type { Said } from './said.ts'
import { isAlone, readLetter } from './letter.ts'
import { findMailHead } from './mail.ts'
import type { PageFindings } from './mentions.ts'
import type { Stretch } from './names.ts'
import type { FoundName } from './organizations.ts'
import type { Party } from './parties.ts'
import { onlyFormalCompany, registeredCompany } from './relations.ts'
import { plain } from './words.ts'

const issued = new Set<DocumentKind | null>(['INVOICE', 'CREDIT_NOTE', 'DELIVERY_NOTE', 'QUOTE'])
const written = new Set<DocumentKind | null>(['COMPLAINT', 'CERTIFICATE', 'EMAIL', null])
const most = { headRows: 6, signatures: 3 }
const byline =
  /^(?:(?:redige|ecrit|prepare|etabli) par|auteurs?|redact(?:eur|rice)|author|(?:written|prepared) by|je,? soussignee?,?|i,? the undersigned,?)(?: ?:)? (?:m\.|mr\.?|mrs\.?|ms\.?|mme|madame|monsieur)? ?$/

function within(name: Stretch, { start, end }: Stretch): boolean {
  return name.start >= start && name.end <= end
}

function toSaid({ page }: PageFindings, confidence: number): (name: FoundName) => Said {
  return ({ start, end, type }) => ({
    page: page.number,
    start,
    end,
    entityType: type,
    relation: 'WRITTEN_BY',
    confidence,
  })
}

/** Who a message is from: the names in its sender's line, else the address there. */
function sender(finding: PageFindings): Said[] {
  const head = findMailHead(finding.sheet, [])
  if (!head) return []
  const names = finding.names.filter((name) => within(name, head.sender)).map(toSaid(finding, 0.9))
  const addresses = finding.identifiers.filter(({ kind, ...place }) => kind === 'EMAIL' && within(place, head.sender))
  return names.length > 0
    ? names
    : addresses.map(({ start, end }) => ({
        page: finding.page.number,
        start,
        end,
        entityType: 'IDENTIFIER',
        relation: 'WRITTEN_BY',
        confidence: 0.9,
      }))
}

function recipientsOf({ parties }: PageFindings): ReadonlySet<string> {
  return new Set(parties.flatMap(({ side, name }) => (side === 'RECIPIENT' ? [nameKey(name.name)] : [])))
}

/** True for one name read in two ways: as many words, all but one the same. */
function isMisreading(left: string, right: string): boolean {
  const [words, others] = [nameKey(left).split(' '), nameKey(right).split(' ')]
  return (
    words.length > 1 &&
    words.length === others.length &&
    words.filter((word, index) => word !== others[index]).length === 1
  )
}

/** Who issued a business paper: the company of the register line, of the letterhead or of the seller's field. */
function issuer(finding: PageFindings, kind: DocumentKind | null): FoundName | undefined {
  const recipients = recipientsOf(finding)
  const notRecipient = (name: FoundName | undefined) => (name && !recipients.has(nameKey(name.name)) ? name : undefined)
  const others = finding.names.filter((name) => name.type === 'ORGANIZATION' && notRecipient(name))
  const head = others.find(
    ({ start, confidence }) => confidence >= 0.8 && (finding.sheet.at(start)?.row ?? 0) < most.headRows,
  )
  const registered = notRecipient(registeredCompany(finding))
  if (registered) return head && isMisreading(head.name, registered.name) ? head : registered
  const seller = finding.parties.find(({ side }) => side === 'ISSUER')?.name
  const [first, second] = kind === 'DELIVERY_NOTE' ? [head, seller] : [seller, head]
  return first ?? second ?? notRecipient(onlyFormalCompany(finding))
}

/** Where a document prints a name first. */
function firstOf(finding: PageFindings, { name, type }: FoundName): FoundName | undefined {
  return finding.names.find((other) => other.type === type && nameKey(other.name) === nameKey(name))
}

function signatures(findings: readonly PageFindings[]): Said[] {
  for (const finding of findings) {
    const { signature } = readLetter(finding.sheet)
    const signed = finding.names.filter((name) => {
      const cell = signature.find((each) => within(name, each))
      return cell !== undefined && isAlone(name, cell)
    })
    const kinds = new Set<string>()
    // One person and one company sign; what follows is an address or a footer.
    const own = signed
      .slice(0, most.signatures)
      .filter(({ type }) => type === 'PERSON' || (!kinds.has(type) && kinds.add(type)))
    if (own.length > 0) return own.map(toSaid(finding, 0.85))
  }
  return []
}

/** The first of two parties or more above the salutation: who writes prints the own name before the receiver's. */
function letterhead(finding: PageFindings): Party['name'] | undefined {
  const { salutation } = readLetter(finding.sheet)
  if (!salutation) return undefined
  const above = finding.parties
    .filter(({ name }) => name.end <= salutation.start)
    .toSorted((left, right) => left.name.start - right.name.start)
  const [first] = above
  const distinct = new Set(above.map(({ name }) => nameKey(name.name)))
  return first && first.side !== 'RECIPIENT' && distinct.size > 1 ? first.name : undefined
}

/** "Rédigé par Claire Morin", "Je soussigné, Marc Petit". */
function bylines(findings: readonly PageFindings[]): Said[] {
  return findings.flatMap((finding) =>
    finding.names
      .filter((name) => {
        const cell = finding.sheet.at(name.start)
        return (
          cell !== undefined &&
          name.start - cell.start < 60 &&
          byline.test(plain(cell.text.slice(0, name.start - cell.start)))
        )
      })
      .map(toSaid(finding, 0.85)),
  )
}

/** Who wrote a letter: who signs it, and whose letterhead it has unless another company signs. */
function writers(findings: readonly PageFindings[], first: PageFindings): Said[] {
  const signed = signatures(findings)
  const head = letterhead(first) ?? (readLetter(first.sheet).salutation ? registeredCompany(first) : undefined)
  const company = head && firstOf(first, head)
  const rivals = signed.some(({ entityType }) => entityType === company?.type)
  return company && !rivals ? [...signed, toSaid(first, 0.8)(company)] : signed
}

/**
 * The places that say who a document is from: the sender of a message, the issuer of an invoice, a credit note, a delivery note or a quote,
 * who signs a letter and whose letterhead it has. None when the document leaves it open.
 */
export function findAuthors(findings: readonly PageFindings[], kind: DocumentKind | null): Said[] {
  const first = findings.find(({ page }) => page.text.trim() !== '')
  if (!first) return []
  const sent = sender(first)
  if (sent.length > 0) return [...sent, ...signatures(findings)]
  if (issued.has(kind)) {
    const company = issuer(first, kind)
    const place = company && firstOf(first, company)
    return place ? [toSaid(first, 0.85)(place)] : []
  }
  return [...bylines(findings), ...(written.has(kind) ? writers(findings, first) : [])]
}
