import type { EntityFacts, EntityType, RecordFacts } from '../graph/graph.ts'
import {
  entityId,
  findIdentifiers,
  nameKey,
  normaliseIdentifier,
  type IdentifierKind,
} from '../identifiers/identifiers.ts'

/** The kinds of operational records and the types of the federated graph they are. */
export const recordTypes = { SHIPMENT: 'Shipment', CLIENT: 'Client', PROPERTY: 'Property' } as const
export type RecordKind = keyof typeof recordTypes

/** A record as the rest of the house may know it: what it is called and what leads to it, strong to weak. */
export interface OperationalRecord {
  kind: RecordKind
  id: string
  name: string
  links: readonly RecordLink[]
}

/** Something printed that leads to a record. `entity` is what it is in the graph; null for what cannot be told apart (a name alone). */
export interface RecordLink {
  kind: IdentifierKind | 'NAME' | 'ADDRESS'
  key: string
  entity: { type: EntityType; kind: string | null; name: string } | null
}

/** The link of a printed identifier, or null when it is none of that kind (wrong check digit). */
export function identifierLink(kind: IdentifierKind, printed: string | null): RecordLink | null {
  const key = printed === null ? null : normaliseIdentifier(kind, printed)
  return key === null ? null : toIdentifierLink(kind, key)
}

/** The links of all identifiers in a free text, such as the container in a reference, or the SIREN inside a VAT number. */
export function identifierLinks(text: string | null): RecordLink[] {
  return text === null ? [] : findIdentifiers(text).map(({ kind, key }) => toIdentifierLink(kind, key))
}

/** The link of a name. `type` says what a document would call it; null when the name alone does not tell a person from a company. */
export function nameLink(name: string, type: EntityType | null): RecordLink | null {
  const key = nameKey(name)
  return key === '' ? null : { kind: 'NAME', key, entity: type && { type, kind: null, name } }
}

/** The link of a postal address: a place. */
export function addressLink(address: string | null): RecordLink | null {
  const key = nameKey(address ?? '')
  return key === '' || address === null
    ? null
    : { kind: 'ADDRESS', key, entity: { type: 'PLACE', kind: null, name: address } }
}

/** The keys by which documents finds the record's mentions, strong to weak, each once: `SIREN:732829320`, `NAME:durand`. */
export function linkKeysOf({ links }: OperationalRecord): string[] {
  return [...new Set(links.map(({ kind, key }) => `${kind}:${key}`))]
}

/** The id of the RECORD entity of a record, known without asking. */
export function recordEntityId(organizationId: string, { kind, id }: Pick<OperationalRecord, 'kind' | 'id'>): string {
  return entityId({ organizationId, type: 'RECORD', kind, key: id })
}

/** The record as the graph keeps it, after a change of it. */
export function toRecordFacts(
  organizationId: string,
  { kind, id, name, links }: OperationalRecord,
  change: RecordFacts['change'],
): RecordFacts {
  return {
    change,
    entity: { id: recordEntityId(organizationId, { kind, id }), type: 'RECORD', kind, key: id, name },
    recordType: recordTypes[kind],
    recordId: id,
    identifiers: links.flatMap(({ key, entity }): EntityFacts[] =>
      entity ? [{ ...entity, id: entityId({ organizationId, ...entity, key }), key }] : [],
    ),
  }
}

function toIdentifierLink(kind: IdentifierKind, key: string): RecordLink {
  return { kind, key, entity: { type: 'IDENTIFIER', kind, name: key } }
}
