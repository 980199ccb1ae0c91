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
}

/** The API's filter for what was chosen; nothing when nothing was. `today` is the start of the day, so that the filter is stable. */
export function toSearchFilter({ kind, format, period }: SearchChoices, today: Date): SearchFilter | undefined {
  const contentTypes = Object.hasOwn(formats, format) ? formats[format as keyof typeof formats] : undefined
  const days = Object.hasOwn(periods, period) ? periods[period as keyof typeof periods] : undefined
  if (!kind && !contentTypes && !days) return undefined
  return {
    ...(kind && { kinds: [kind] }),
    ...(contentTypes && { contentTypes }),
    ...(days && { createdAfter: new Date(today.getTime() - days * 86_400_000).toISOString() }),
  }
}
