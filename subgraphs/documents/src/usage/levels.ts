import type { Level } from '@passerelle/platform/usage'

/** What of an organisation's documents counts towards what it may have; an id that turned out to mean another document does not. */
export const levels: readonly Level[] = [
  { metric: 'documents', sql: 'select count(*) as amount from documents.document where same_as is null' },
  {
    metric: 'storageBytes',
    sql: 'select coalesce(sum(size), 0) as amount from documents.document where same_as is null',
  },
]
