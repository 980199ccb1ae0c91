import type { VectorFilter } from './vectors.ts'

/**
 * LanceDB's filters are SQL text without parameters, so this is the only place that writes one: values become quoted literals, and nothing else
 * of a caller's reaches the text.
 */
export function toLanceFilter({
  documentIds,
  contentTypes,
  kinds,
  createdAfter,
  createdBefore,
}: VectorFilter): string | null {
  const all: string[] = []
  if (documentIds) all.push(isOneOf('document_id', documentIds))
  if (contentTypes) all.push(isOneOf('content_type', contentTypes))
  if (kinds) all.push(isOneOf('kind', kinds))
  if (createdAfter) all.push(`created_at >= ${createdAfter.getTime()}`)
  if (createdBefore) all.push(`created_at < ${createdBefore.getTime()}`)
  return all.length > 0 ? all.join(' AND ') : null
}

/** True for rows whose column is one of the values; for none of them when there are no values. */
export function isOneOf(column: string, values: readonly string[]): string {
  return values.length > 0 ? `${column} IN (${values.map(quote).join(', ')})` : 'false'
}

function quote(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}
