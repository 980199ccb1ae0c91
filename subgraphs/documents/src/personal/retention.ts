import type { RetentionNoun } from '@passerelle/platform/privacy'
import { rowsOf } from '@passerelle/platform/sql'
import { takeOut } from '../document/document-removal.ts'
import { documentKinds } from '../document/kind.ts'
import { accountingDays, accountingKinds } from './legal.ts'

/** What transport law has kept while somebody may still claim (Code de commerce, L133-6, and the CMR convention). */
const transportDays = 366
const transportKinds: readonly string[] = ['CMR', 'DELIVERY_NOTE', 'PROOF_OF_DELIVERY', 'ROUTE_SHEET']
/** Contracts prove what was owed for five years (Code civil, 2224). */
const contractDays = 1_827

function legalMinimum(kind: string | null): number {
  if (kind === null) return 0
  if (accountingKinds.includes(kind)) return accountingDays
  if (kind === 'CONTRACT') return contractDays
  return transportKinds.includes(kind) ? transportDays : 0
}

/** Documents by their kind, and those that have none. What is withheld for the law is older than no rule. */
export const documentRetention: readonly RetentionNoun[] = [...documentKinds, null].map((kind) => ({
  noun: `documents.${kind ?? 'OTHER'}`,
  legalMinimumDays: legalMinimum(kind),
  async count(tx, before) {
    const [row] = await rowsOf<{ count: number }>(tx, `select count(*) as count from documents.document where ${old}`, [
      before,
      kind,
      accountingDays,
    ])
    return row?.count ?? 0
  },
  async remove(tx, { before, most }) {
    const rows = await rowsOf<{ id: string; hash: string | null }>(
      tx,
      `select id, hash from documents.document where ${old} order by id limit $4 for update`,
      [before, kind, accountingDays, most],
    )
    for (const row of rows) await takeOut(tx, row)
    return rows.length
  },
}))

const old = `same_as is null and created_at < $1 and kind is not distinct from $2
  and (file_withheld is distinct from 'LEGAL_HOLD' or created_at < now() - make_interval(days => $3::int))`
