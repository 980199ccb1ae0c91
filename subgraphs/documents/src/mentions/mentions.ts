import type { EntityType, MentionRelation } from '@passerelle/platform/graph'
import { findIdentifiers, nameKey, type FoundIdentifier } from '@passerelle/platform/identifiers'
import type { PageBox } from '@passerelle/platform/schema'
import type { Language } from '@passerelle/platform/text'
import { boxesOf } from '../chunking/boxes.ts'
import type { DocumentKind } from '../document/kind.ts'
import type { ReadPage } from '../reading/reading.ts'
import { findAuthors } from './authors.ts'
import { toSheet, type Sheet } from './cells.ts'
import { findEvents, toDatedPage, type FoundEvent } from './events.ts'
import { excerptAt } from './excerpt.ts'
import { findNames } from './find-names.ts'
import type { Stretch } from './names.ts'
import type { FoundName } from './organizations.ts'
import type { Party } from './parties.ts'
import { findPlaces, type FoundPlace } from './places.ts'
import { relate, type Relation } from './relations.ts'
import type { Said } from './said.ts'
import { findSubjects } from './subjects.ts'
import { findTopics } from './topics.ts'

/** What found a mention: `identifier` checks numbers, `rules` reads names, places, topics and events. */
export type Extractor = 'identifier' | 'rules'

/** A place of a document that names an entity. Offsets are in the text of the page; boxes are around whole words, one per line. */
export interface FoundMention {
  entityType: EntityType
  /** Whether this place says who wrote the document, what it is about, or only names the entity. */
  relation: MentionRelation
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

function ofRule(
  entityType: EntityType,
  { key, name, start, end, confidence }: Omit<Draft, 'entityType' | 'kind' | 'extractor'>,
): Draft {
  return { entityType, kind: null, key, name, start, end, confidence, extractor: 'rules' }
}

function toMention(page: ReadPage, draft: Draft): FoundMention {
  return {
    ...draft,
    relation: 'MENTIONS',
    page: page.number,
    boxes: boxesOf(page, draft),
    excerpt: excerptAt(page.text, draft),
  }
}

function mentionsOf(
  { page, names, identifiers }: PageFindings,
  places: FoundPlace[],
  events: FoundEvent[],
): FoundMention[] {
  const drafts = [
    ...identifiers.map(ofIdentifier),
    ...names.map((name) => ofRule(name.type, { ...name, key: nameKey(name.name) })),
    ...places.map((place) => ofRule('PLACE', { ...place, key: nameKey(place.name) })),
    ...findTopics(page.text, page.headings).map((topic) => ofRule('TOPIC', topic)),
    ...events.map((event) => ofRule('EVENT', event)),
  ]
  return drafts
    .filter((draft) => draft.key !== '')
    .sort((left, right) => left.start - right.start || left.end - right.end)
    .map((draft) => toMention(page, draft))
}

/** The mentions with what is said at their places; a place is as sure as the weaker of what it names and what it says. */
function withSaid(mentions: readonly FoundMention[], said: readonly Said[]): FoundMention[] {
  const keyOf = ({ page, start, end, entityType }: Pick<Said, 'page' | 'start' | 'end' | 'entityType'>) =>
    `${page} ${start} ${end} ${entityType}`
  // Who wrote it comes last, so that it is kept where both are said.
  const strongest = said.toSorted(
    (left, right) => left.relation.localeCompare(right.relation) || left.confidence - right.confidence,
  )
  const byPlace = new Map(strongest.map((each) => [keyOf(each), each]))
  return mentions.map((mention) => {
    const found = byPlace.get(keyOf(mention))
    return found
      ? { ...mention, relation: found.relation, confidence: Math.min(mention.confidence, found.confidence) }
      : mention
  })
}

/**
 * What the pages of a document mention, in reading order, and how the mentioned are related; `from` and `to` are positions in
 * `mentions`. Works with rules alone and prefers to miss a name over inventing one; identifiers have passed their check digits.
 * What is known of the document tells who its author is and how its days are written.
 */
export function findMentions(
  pages: readonly ReadPage[],
  { kind = null, language = null }: { kind?: DocumentKind | null; language?: Language | null } = {},
): { mentions: FoundMention[]; relations: Relation[] } {
  const drafts = pages.map((page) => ({ page, sheet: toSheet(page.text), identifiers: findIdentifiers(page.text) }))
  const findings = findNames(drafts)
  const places = drafts.map(({ sheet }) => findPlaces(sheet))
  const dated = drafts.map(({ page, sheet }) => toDatedPage(page.text, sheet, language))
  const towns = places.flat().flatMap(({ name }) => (/[\d,]/.test(name) ? [] : [name]))
  const events = findEvents(dated, { language, towns })
  const named = findings.flatMap((finding, index) => mentionsOf(finding, places[index] ?? [], events[index] ?? []))
  const mentions = withSaid(named, [...findSubjects(findings, named, kind), ...findAuthors(findings, kind)])
  return { mentions, relations: relate(findings, mentions) }
}
