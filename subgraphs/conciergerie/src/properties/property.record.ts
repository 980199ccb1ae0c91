import { addressLink, identifierLink, nameLink, type OperationalRecord } from '@passerelle/platform/records'
import type { Property } from './property.ts'

/** What leads to a property, strong to weak. */
export function toPropertyRecord({ id, name, address, registrationNumber }: Property): OperationalRecord {
  const links = [
    identifierLink('REGISTRATION_NUMBER', registrationNumber),
    nameLink(name, 'PLACE'),
    addressLink(address),
  ]
  return { kind: 'PROPERTY', id, name, links: links.filter((link) => link !== null) }
}
