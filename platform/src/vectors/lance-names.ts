import { createHash } from 'node:crypto'

/** One organisation's vectors of one collection in one model's space. */
export interface SpaceName {
  organizationId: string
  collection: string
  model: string
}

/** Names are part of paths, so what callers call their models and collections stays out of them. Those of one organisation begin alike. */
export function tableName({ organizationId, collection, model }: SpaceName): string {
  return `${tablesOf(organizationId)}${hash([collection, model]).slice(0, 24)}`
}

/** What the names of an organisation's tables begin with. */
export function tablesOf(organizationId: string): string {
  return `${hash([organizationId]).slice(0, 24)}-`
}

/** The name that tables had before one could tell from it whose they are. */
export function formerTableName({ organizationId, collection, model }: SpaceName): string {
  return hash([organizationId, collection, model]).slice(0, 40)
}

/** A folder that has such a name, as a table or put aside. */
export const formerTable = /^[0-9a-f]{40}\.lance(\.damaged)?$/

function hash(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex')
}
