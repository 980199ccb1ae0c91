import type { EntityType } from '@passerelle/platform/graph'
import { findIdentifiers, nameKey, type FoundIdentifier } from '@passerelle/platform/identifiers'
import type { PageBox } from '@passerelle/platform/schema'
import { boxesOf } from '../chunking/boxes.ts'
import type { ReadPage } from '../reading/reading.ts'
import { toSheet, type Sheet } from './cells.ts'
import { excerptAt } from './excerpt.ts'
import { findNames } from './find-names.ts'
import type { Stretch } from './names.ts'
import type { FoundName } from './organizations.ts'
import type { Party } from './parties.ts'
import { findPlaces } from './places.ts'
import { relate, type Relation } from './relations.ts'
import { findTopics } from './topics.ts'

/** What found a mention: `identifier` checks numbers, `rules` reads names, places and topics. */
export type Extractor = 'identifier' | 'rules'

/** A place of a document that names an entity. Offsets are in the text of the page; boxes are around whole words, one per line. */
export interface FoundMention {
  entityType: EntityType
  /** Set for IDENTIFIER only. */
  kind: string | null
  key: string
  name: string
  page: number
  boxes: PageBox[]
  excerpt: string
  start: number
  end: number
  confidence: number
  extractor: Extractor
}

/** One page with what its names and parties are, before mentions are made of them. */
export interface PageFindings {
  page: ReadPage
  sheet: Sheet
  names: FoundName[]
  parties: Party[]
  identifiers: FoundIdentifier[]
}

type Draft = Stretch & Pick<FoundMention, 'entityType' | 'kind' | 'key' | 'name' | 'confidence' | 'extractor'>

function ofIdentifier({ kind, key, start, end, confidence }: FoundIdentifier): Draft {
  return { entityType: 'IDENTIFIER', kind, key, name: key, start, end, confidence, extractor: 'identifier' }
}

function ofName({ type, name, start, end, confidence }: FoundName): Draft {
  return { entityType: type, kind: null, key: nameKey(name), name, start, end, confidence, extractor: 'rules' }
}

function ofPlace({ name, start, end, confidence }: ReturnType<typeof findPlaces>[number]): Draft {
  return { entityType: 'PLACE', kind: null, key: nameKey(name), name, start, end, confidence, extractor: 'rules' }
}

function ofTopic({ name, key, start, end, confidence }: ReturnType<typeof findTopics>[number]): Draft {
  return { entityType: 'TOPIC', kind: null, key, name, start, end, confidence, extractor: 'rules' }
}

function toMention(page: ReadPage, draft: Draft): FoundMention {
  return { ...draft, page: page.number, boxes: boxesOf(page, draft), excerpt: excerptAt(page.text, draft) }
}

function mentionsOf({ page, sheet, names, identifiers }: PageFindings): FoundMention[] {
  const drafts = [
    ...identifiers.map(ofIdentifier),
    ...names.map(ofName),
    ...findPlaces(sheet).map(ofPlace),
    ...findTopics(page.text, page.headings).map(ofTopic),
  ]
  return drafts
    .filter((draft) => draft.key !== '')
    .sort((left, right) => left.start - right.start || left.end - right.end)
    .map((draft) => toMention(page, draft))
}

/**
 * What the pages of a document mention, in reading order, and how the mentioned are related; `from` and `to` are positions in
 * `mentions`. Works with rules alone and prefers to miss a name over inventing one; identifiers have passed their check digits.
 */
export function findMentions(pages: readonly ReadPage[]): { mentions: FoundMention[]; relations: Relation[] } {
  const drafts = pages.map((page) => ({ page, sheet: toSheet(page.text), identifiers: findIdentifiers(page.text) }))
  const findings = findNames(drafts)
  const mentions = findings.flatMap(mentionsOf)
  return { mentions, relations: relate(findings, mentions) }
}
