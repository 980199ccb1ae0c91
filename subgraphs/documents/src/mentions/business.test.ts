import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSandbox, type Sandbox } from '@passerelle/platform/sandbox'
import { documentKind } from '../document/kind.ts'
import { createReader } from '../reading/reading.ts'
import { findMentions } from './mentions.ts'

interface Party {
  name: string
  siret?: string
  vat?: string
}

type Role = 'seller' | 'buyer' | 'carrier' | 'sender' | 'consignee' | 'recipient'
type Reference = 'iban' | 'sscc' | 'invoice_number' | 'tracking_number' | 'cmr_number' | 'vehicle_plate'

interface Gold {
  file: string
  expected: Partial<Record<Role, Party> & Record<Reference | 'delivery_date' | 'pickup_date', string>>
}

const folder = new URL('../../../../tests/samples/business/', import.meta.url)
const gold = readFileSync(new URL('expected.jsonl', folder), 'utf8')
  .trim()
  .split('\n')
  .map((line): Gold => JSON.parse(line))
const roles: Role[] = ['seller', 'buyer', 'carrier', 'sender', 'consignee', 'recipient']

function identifiersOf({ expected }: Gold, parties: readonly Party[]): Set<string> {
  const own: [string, string | undefined][] = [
    ['IBAN', expected.iban],
    ['SSCC', expected.sscc],
    ['INVOICE_NUMBER', expected.invoice_number],
    ['TRACKING_NUMBER', expected.tracking_number ?? expected.cmr_number?.replace('CMR ', '')],
    ['PLATE', expected.vehicle_plate],
    ...parties.flatMap(({ siret, vat }): [string, string | undefined][] => [
      ['SIRET', siret],
      ['VAT', vat],
      ['SIREN', siret?.slice(0, 9) ?? vat?.slice(4)],
    ]),
  ]
  return new Set(own.flatMap(([kind, key]) => (key ? [`${kind} ${key}`] : [])))
}

let sandbox: Sandbox
beforeAll(() => {
  sandbox = openSandbox({ size: 1 })
})
afterAll(() => sandbox.close())

test.each(gold)(
  '$file names its parties, its author, its day and the identifiers that are printed on it, and no other',
  async (document) => {
    const path = fileURLToPath(new URL(document.file, folder))
    const { pages } = await createReader(sandbox).readDocument({ path, filename: document.file })
    const kind = documentKind({ text: pages.map(({ text }) => text).join('\n\n') })
    const { mentions } = findMentions(pages, { kind, language: 'fr' })
    const parties = roles.flatMap((role) => document.expected[role] ?? [])
    const companies = mentions.flatMap(({ entityType, name }) => (entityType === 'ORGANIZATION' ? [name] : []))
    expect(new Set(companies)).toEqual(new Set(parties.map(({ name }) => name)))
    const identifiers = mentions.flatMap(({ kind, key }) => (kind && kind !== 'PHONE' ? [`${kind} ${key}`] : []))
    expect(new Set(identifiers)).toEqual(identifiersOf(document, parties))
    const author = document.expected.seller ?? (kind === 'COMPLAINT' ? document.expected.sender : undefined)
    const authors = mentions.flatMap(({ relation, name }) => (relation === 'WRITTEN_BY' ? [name] : []))
    expect(authors).toEqual(author ? [author.name] : [])
    const day = document.expected.delivery_date ?? document.expected.pickup_date
    const days = mentions.flatMap(({ entityType, key }) => (entityType === 'EVENT' ? [key.split(' ')[1]] : []))
    expect(days).toEqual(day ? [day] : [])
    const about = mentions.flatMap(({ relation, key, kind: number }) => (relation === 'ABOUT' && number ? [key] : []))
    const { tracking_number: tracking, cmr_number: cmr, sscc } = document.expected
    expect(about).toEqual([tracking ?? cmr?.replace('CMR ', '') ?? sscc].filter(Boolean))
  },
)
