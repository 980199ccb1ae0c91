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
  return { ...entity(word), relation: 'MENTIONS', count: 1, confidence: 0.9, page: 1, extractor: 'rules', ...facts }
}

/** A document that mentions each word once. */
export function document(
  id: string,
  words: readonly (string | Mention)[],
  facts: Partial<DocumentFacts> = {},
): DocumentFacts {
  const mentions = words.map((word) => (typeof word === 'string' ? mention(word) : word))
  return { documentId: `doc_${id}`, version: '1', mentions, relations: [], ...facts }
}

/** `[from, type, to]` in words. */
export function relation(from: string, type: string, to: string): DocumentFacts['relations'][number] {
  return { from: `ent_${from}`, to: `ent_${to}`, type, confidence: 0.8 }
}

export function record(
  word: string,
  identifiers: readonly EntityFacts[],
  facts: Partial<RecordFacts> = {},
): RecordFacts {
  const own = entity(word, { type: 'RECORD', kind: 'SHIPMENT', key: `shp_${word}` })
  return { entity: own, recordType: 'Shipment', recordId: `shp_${word}`, identifiers, ...facts }
}

export function identifier(word: string, kind: string, value: string): EntityFacts {
  return entity(word, { type: 'IDENTIFIER' satisfies EntityType, kind, key: `${kind}:${value}`, name: value })
}
