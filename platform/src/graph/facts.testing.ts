import type { PageBox } from '../schema/box.ts'
import type { DocumentFacts, EntityFacts, EntityType, RecordFacts } from './graph.ts'

type Mention = DocumentFacts['mentions'][number]

/** An entity whose id, key and name follow from one word. */
export function entity(word: string, facts: Partial<EntityFacts> = {}): EntityFacts {
  return {
    id: `ent_${word}`,
    type: 'ORGANIZATION',
    kind: null,
    key: `NAME:${word.toUpperCase()}`,
    name: word,
    ...facts,
  }
}

export function mention(word: string, facts: Partial<Mention> = {}): Mention {
  const place = { page: 1, chunk: 0, boxes: [box(1)], pages: [1], chunks: [0] }
  return { ...entity(word), relation: 'MENTIONS', count: 1, confidence: 0.9, extractor: 'rules', ...place, ...facts }
}

/** A document that mentions each word once. */
export function document(
  id: string,
  words: readonly (string | Mention)[],
  facts: Partial<DocumentFacts> = {},
): DocumentFacts {
  const mentions = words.map((word) => (typeof word === 'string' ? mention(word) : word))
  return { documentId: `doc_${id}`, version: '1', at: day(1), mentions, relations: [], ...facts }
}

/** Noon of a day of January 2026, or of a later month. */
export function day(date: number, month = 1): Date {
  return new Date(Date.UTC(2026, month - 1, date, 12))
}

/** A line on a page. */
export function box(page: number): PageBox {
  return { page, box: { x: 0.1, y: 0.2, width: 0.3, height: 0.02 } }
}

/** `[from, type, to]` in words. */
export function relation(from: string, type: string, to: string): DocumentFacts['relations'][number] {
  const place = { page: 2, chunk: 3, boxes: [box(2)] }
  return { from: `ent_${from}`, to: `ent_${to}`, type, confidence: 0.8, extractor: 'rules', ...place }
}

export function record(
  word: string,
  identifiers: readonly EntityFacts[],
  facts: Partial<RecordFacts> = {},
): RecordFacts {
  const own = entity(word, { type: 'RECORD', kind: 'SHIPMENT', key: `shp_${word}` })
  return {
    entity: own,
    recordType: 'Shipment',
    recordId: `shp_${word}`,
    identifiers,
    change: { at: day(1), what: 'CREATED' },
    ...facts,
  }
}

export function identifier(word: string, kind: string, value: string): EntityFacts {
  return entity(word, { type: 'IDENTIFIER' satisfies EntityType, kind, key: `${kind}:${value}`, name: value })
}
