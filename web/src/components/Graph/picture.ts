import type { EntityRowFragment, NeighbourhoodQuery } from '@/gql/graphql'

type Neighbourhood = NonNullable<NeighbourhoodQuery['neighbourhood']>
export type Relation = Neighbourhood['relations'][number]

/** What is drawn: entities by id and the relations among them. */
export interface Picture {
  entities: ReadonlyMap<string, EntityRowFragment>
  relations: readonly Relation[]
  /** True when the server, or the limit of the picture, left something out. */
  truncated: boolean
}

export const emptyPicture: Picture = { entities: new Map(), relations: [], truncated: false }

/** More dots than this say nothing to the eye. */
export const pictureLimit = 300

/** Adds a neighbourhood to what is drawn; what was there stays, and nothing is drawn twice. */
export function addNeighbourhood(picture: Picture, { entities, relations, truncated }: Neighbourhood): Picture {
  const all = new Map(picture.entities)
  let full = false
  for (const entity of entities) {
    if (all.has(entity.id) || all.size < pictureLimit) all.set(entity.id, entity)
    else full = true
  }
  const known = new Map(picture.relations.map((relation) => [relationKey(relation), relation]))
  for (const relation of relations)
    if (all.has(relation.from) && all.has(relation.to)) known.set(relationKey(relation), relation)
  return { entities: all, relations: [...known.values()], truncated: truncated || full || picture.truncated }
}

export interface Link {
  entity: EntityRowFragment
  type: string
  /** True when the relation goes from the entity to this one. */
  outgoing: boolean
}

/** The direct links of an entity in the picture, by name. */
export function linksOf({ entities, relations }: Picture, id: string): Link[] {
  const links = relations.flatMap(({ from, to, type }) => {
    const other = from === id ? entities.get(to) : to === id ? entities.get(from) : undefined
    return other ? [{ entity: other, type, outgoing: from === id }] : []
  })
  return links.toSorted((a, b) => a.entity.name.localeCompare(b.entity.name))
}

export function relationKey({ from, to, type }: Pick<Relation, 'from' | 'to' | 'type'>): string {
  return `${from}>${to}>${type}`
}
