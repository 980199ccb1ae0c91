import type { Concept, Role } from './question.ts'
import { sightingsOf, type Sighting, type Source } from './source.ts'
import type { Span } from './lines.ts'

/** What a question asks, weighed against what the sources say. */
export interface Weighing {
  weights: number[]
  /** Sum of the weights. */
  total: number
  /** For each source, where it speaks of each concept. */
  sightings: Sighting[][][]
  /** For each source, how surely its document holds each concept, 0 to 1. */
  holdings: number[][]
}

const roleWeights: Record<Role, number> = { topic: 1, name: 1, reference: 0.6, kind: 0.3, aside: 0.4 }
/** A thing of the trade tells as much as a rare word, at least this much. */
const leastOfTrade = 0.8
/** Characters of a usual statement. */
const usualLength = 60

/** Weighs the concepts: what few statements say tells more than what many say. */
export function weigh(concepts: readonly Concept[], sources: readonly Source[]): Weighing {
  const sightings = sources.map((source) => concepts.map((concept) => sightingsOf(concept, source)))
  const statements = sources.reduce((sum, source) => sum + Math.max(1, source.folded.length / usualLength), 0)
  const weights = concepts.map(({ role, said }, index) => {
    const found = sightings.reduce((sum, ofSource) => sum + (ofSource[index]?.length ?? 0), 0)
    const rarity = Math.log(1 + statements / Math.max(1, found)) / Math.log(1 + statements)
    return roleWeights[role] * (said.length > 0 ? Math.max(leastOfTrade, rarity) : rarity)
  })
  const documents = holdingsByDocument(concepts, { sources, sightings })
  return {
    weights,
    total: weights.reduce((sum, weight) => sum + weight, 0),
    sightings,
    holdings: sources.map(({ passage }) => documents.get(passage.documentId) ?? []),
  }
}

/** A document holds what any of its passages or its title holds: a number may stand on another page than what is asked. */
function holdingsByDocument(
  concepts: readonly Concept[],
  { sources, sightings }: { sources: readonly Source[]; sightings: readonly Sighting[][][] },
): Map<string, number[]> {
  const documents = new Map<string, number[]>()
  for (const [index, { passage }] of sources.entries()) {
    const known =
      documents.get(passage.documentId) ?? concepts.map((concept) => (holdsTitle(concept, passage.title) ? 1 : 0))
    const own = concepts.map((_concept, at) =>
      Math.max(0, ...(sightings[index]?.[at] ?? []).map(({ strength }) => strength)),
    )
    documents.set(
      passage.documentId,
      known.map((value, at) => Math.max(value, own[at] ?? 0)),
    )
  }
  return documents
}

function holdsTitle({ terms, said }: Concept, title: string): boolean {
  const folded = title.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '')
  if (said.some((pattern) => folded.search(pattern) >= 0)) return true
  const words = new Set(folded.split(/[^a-z0-9]+/))
  for (const term of terms) if (words.has(term)) return true
  return false
}

/** How surely the spans speak of it: the surest of the places that lie inside one of them. */
export function strongest(sightings: readonly Sighting[], spans: readonly Span[]): number {
  let best = 0
  for (const sighting of sightings) if (sighting.strength > best && isWithin(sighting, spans)) best = sighting.strength
  return best
}

export function isWithin({ start, end }: Span, spans: readonly Span[]): boolean {
  return spans.some((span) => start >= span.start && end <= span.end)
}
