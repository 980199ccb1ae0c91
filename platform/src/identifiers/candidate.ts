import type { Labels } from './labels.ts'
import type { PrintedNumber } from './numbers.ts'

/** Kinds of business identifiers, as `Entity.kind` prints them. */
export const identifierKinds = [
  'TRACKING_NUMBER',
  'SSCC',
  'GTIN',
  'CONTAINER',
  'SIREN',
  'SIRET',
  'VAT',
  'IBAN',
  'INVOICE_NUMBER',
  'REGISTRATION_NUMBER',
  'PLATE',
  'PHONE',
  'EMAIL',
] as const
export type IdentifierKind = (typeof identifierKinds)[number]

/** What a family reads: the text as printed, its folded view of the same length, the labels and the rows of digits found in it. */
export type Reading = { text: string; folded: string; labels: Labels; numbers: readonly PrintedNumber[] }

/**
 * A place that looks like an identifier. `key` is null when it looks like one and is not (wrong check digit): the place is then
 * taken, so that no other family reads a part of it.
 */
export type Candidate = { kind: IdentifierKind; key: string | null; start: number; end: number; confidence: number }

/** One family of identifiers: how a printed value becomes a key, and where such values stand in a text. */
export type Family = { normalise(printed: string): string | null; find(reading: Reading): Candidate[] }
