import type { Candidate, Family, IdentifierKind, Reading } from './candidate.ts'
import { container } from './container.ts'
import { email } from './email.ts'
import { foldText } from './folded-text.ts'
import { gtin } from './gtin.ts'
import { iban } from './iban.ts'
import { invoiceNumber } from './invoice-number.ts'
import { findLabels } from './labels.ts'
import { findNumbers } from './numbers.ts'
import { phone } from './phone.ts'
import { plate } from './plate.ts'
import { registrationNumber } from './registration-number.ts'
import { siren, siret } from './siren.ts'
import { sscc } from './sscc.ts'
import { trackingNumber } from './tracking-number.ts'
import { sirenOfVat, vat } from './vat.ts'

/** Every family, strongest first: where two read the same characters, the first one has them. */
export const families: Record<IdentifierKind, Family> = {
  EMAIL: email,
  IBAN: iban,
  CONTAINER: container,
  VAT: vat,
  SSCC: sscc,
  INVOICE_NUMBER: invoiceNumber,
  REGISTRATION_NUMBER: registrationNumber,
  TRACKING_NUMBER: trackingNumber,
  SIRET: siret,
  SIREN: siren,
  GTIN: gtin,
  PLATE: plate,
  PHONE: phone,
}

/**
 * One identifier in a text. `key` is its normalised value, `printed` what stands between the offsets `start` and `end`.
 * `derivedFrom` names the kind it was taken out of: a SIREN out of a SIRET or a French VAT number has the same place as that one.
 */
export type FoundIdentifier = {
  kind: IdentifierKind
  key: string
  printed: string
  start: number
  end: number
  confidence: number
  derivedFrom?: IdentifierKind
}

function sirenOf({ kind, key }: Candidate): string | null {
  if (kind === 'SIRET') return key?.slice(0, 9) ?? null
  return kind === 'VAT' && key ? sirenOfVat(key) : null
}

function isFree(taken: Uint8Array, { start, end }: Candidate): boolean {
  for (let offset = start; offset < end; offset++) if (taken[offset]) return false
  return true
}

/** Addresses on the web hold digits that are nobody's number. */
function takeAddresses(taken: Uint8Array, folded: string): void {
  for (const match of folded.matchAll(/(?:HTTPS?:\/\/|WWW\.)[^\s<>"]{1,2000}/g))
    taken.fill(1, match.index, match.index + match[0].length)
}

function toFound(text: string, candidate: Candidate): FoundIdentifier[] {
  const { kind, key, start, end, confidence } = candidate
  if (key === null) return []
  const found = { kind, key, printed: text.slice(start, end), start, end, confidence }
  const inner = sirenOf(candidate)
  return inner ? [found, { ...found, kind: 'SIREN', key: inner, derivedFrom: kind }] : [found]
}

/**
 * Finds the business identifiers printed in a text, in reading order, whatever the spaces, dots, dashes, line ends and case they
 * are printed with. Only values whose check digit is right are given; values that have no check digit, and numbers short enough
 * to be something else, need a label near them. Time grows with the length of the text, whatever it holds.
 */
export function findIdentifiers(text: string): FoundIdentifier[] {
  const folded = foldText(text)
  const labels = findLabels(folded)
  const reading: Reading = { text, folded, labels, numbers: findNumbers(folded, labels) }
  const taken = new Uint8Array(text.length)
  const found: FoundIdentifier[] = []
  for (const [kind, family] of Object.entries(families)) {
    for (const candidate of family.find(reading)) {
      if (!isFree(taken, candidate)) continue
      taken.fill(1, candidate.start, candidate.end)
      found.push(...toFound(text, candidate))
    }
    if (kind === 'TRACKING_NUMBER') takeAddresses(taken, folded)
  }
  return found.sort((left, right) => left.start - right.start || left.end - right.end)
}
