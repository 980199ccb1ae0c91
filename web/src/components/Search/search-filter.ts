import type { SearchFilter, SearchMode } from '@/gql/graphql'

/** The content types behind each format a person can choose. */
export const formats = {
  pdf: ['application/pdf'],
  image: ['image/png', 'image/jpeg', 'image/tiff', 'image/webp', 'image/heic', 'image/heif'],
  office: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  mail: ['message/rfc822'],
  text: ['text/plain', 'text/markdown', 'text/html', 'text/csv'],
} satisfies Record<string, string[]>

/** Days covered by each period. */
export const periods = { week: 7, month: 30, year: 365 } satisfies Record<string, number>

export const modes: SearchMode[] = ['HYBRID', 'SPARSE', 'DENSE']

export interface SearchChoices {
  kind: string
  format: string
  period: string
  collection: string
  entities: readonly string[]
}

/** The API's filter for what was chosen; nothing when nothing was. `today` is the start of the day, so that the filter is stable. */
export function toSearchFilter(
  { kind, format, period, collection, entities }: SearchChoices,
  today: Date,
): SearchFilter | undefined {
  const contentTypes = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined
  const days = Object.hasOwn(periods, period) ? periods[period as keyof typeof periods] : undefined
  const filter: SearchFilter = {
    ...(kind && { kinds: [kind] }),
    ...(contentTypes && { contentTypes }),
    ...(days && { createdAfter: new Date(today.getTime() - days * 86_400_000).toISOString() }),
    ...(collection && { collectionIds: [collection] }),
    ...(entities.length > 0 && { entityIds: [...entities] }),
  }
  return Object.keys(filter).length > 0 ? filter : undefined
}

/** As many parties as the API takes. */
export const mostParties = 20

/** The ids an address holds, each once. */
export function toPartyIds(param: string): string[] {
  return [...new Set(param.split(',').filter(Boolean))].slice(0, mostParties)
}
