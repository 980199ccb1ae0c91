import { normaliseIdentifier } from '@passerelle/platform/identifiers'
import type { FieldKeys, SealedTable } from '@passerelle/platform/sealing'
import { clientSearch } from './client.record.ts'

/**
 * What is personal of a client and sealed: how to reach them. The name stays in the clear, because lists are sorted by it and searched in parts of it; so do
 * the numbers of companies, which are public.
 */
export const clientTable: SealedTable = {
  name: 'conciergerie.client',
  row: 'id',
  columns: ['email', 'phone'],
  made: (row, keys) => ({
    ...clientIndexes(keys, { email: textOf(row['email']), phone: textOf(row['phone']) }),
    search: clientSearch({
      name: textOf(row['name']) ?? '',
      siren: textOf(row['siren']),
      vatNumber: textOf(row['vat_number']),
    }),
  }),
}

/** Under which a client is found by a whole address or number, in any printed form. */
export function clientIndexes(
  keys: FieldKeys,
  { email, phone }: { email: string | null; phone: string | null },
): { email_index: string | null; phone_index: string | null } {
  return { email_index: indexOf(keys, 'EMAIL', email), phone_index: indexOf(keys, 'PHONE', phone) }
}

function indexOf(keys: FieldKeys, kind: 'EMAIL' | 'PHONE', printed: string | null): string | null {
  const key = printed === null ? null : normaliseIdentifier(kind, printed)
  return key === null ? null : keys.blindIndex(kind, key)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}
