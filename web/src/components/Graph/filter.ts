import type { EntityType } from '@/gql/graphql'
import { entityTypes } from './entity-look'

/** What a neighbourhood is narrowed to; empty lists and dates mean everything. Dates are local days, as `2026-11-20`. */
export interface GraphFilter {
  types: readonly EntityType[]
  relations: readonly string[]
  since: string
  until: string
}

/** The relations that documents and records state, and the document in common. */
export const relationTypes = ['RELATED_TO', 'WORKS_FOR', 'IDENTIFIES'] as const

/** The filter that an address holds; what it does not know is left out. */
export function parseFilter(query: { around: string; links: string; since: string; until: string }): GraphFilter {
  const [types, relations] = [query.around.split(','), query.links.split(',')]
  const day = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : '')
  return {
    types: entityTypes.filter((type) => types.includes(type)),
    relations: relationTypes.filter((type) => relations.includes(type)),
    since: day(query.since),
    until: day(query.until),
  }
}

/** How many of its parts narrow something. */
export function countParts({ types, relations, since, until }: GraphFilter): number {
  return [types.length, relations.length, since || until].filter(Boolean).length
}

/** The filter as variables of the API: whole days of this place, the last one included. */
export function toQuery({ types, relations, since, until }: GraphFilter) {
  const period = {
    ...(since && { since: new Date(`${since}T00:00:00`).toISOString() }),
    ...(until && { until: dayAfter(until).toISOString() }),
  }
  // A period that ends before it begins is the one day that its parts were typed in the wrong order for.
  const turned = period.since && period.until && period.since >= period.until
  return {
    ...(types.length > 0 && { types: [...types] }),
    ...(relations.length > 0 && { relations: [...relations] }),
    ...(turned ? { since: period.since } : period),
  }
}

function dayAfter(day: string): Date {
  const date = new Date(`${day}T00:00:00`)
  date.setDate(date.getDate() + 1)
  return date
}
