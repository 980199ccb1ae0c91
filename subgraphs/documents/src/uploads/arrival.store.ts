import { rowsOf, type Tx } from '@passerelle/platform/sql'
import { unitOf } from '@passerelle/platform/sql/unit'

const mostAtOnce = 1000

/** Writes down that these bytes are about to be in the blob store, or makes it young again. */
export async function foreseeArrival(tx: Tx, hash: string): Promise<void> {
  const { organizationId } = unitOf(tx).scope
  await rowsOf(
    tx,
    `insert into documents.arrival (organization_id, hash) values ($1, $2)
     on conflict (organization_id, hash) do update set arrived_at = now()`,
    [organizationId, hash],
  )
}

/** The bytes have a document. */
export async function forgetArrival(tx: Tx, hash: string): Promise<void> {
  await rowsOf(tx, 'delete from documents.arrival where hash = $1', [hash])
}

/** Bytes that were on their way before the moment, the oldest first. */
export async function forgottenArrivals(tx: Tx, before: Date): Promise<string[]> {
  const rows = await rowsOf<{ hash: string }>(
    tx,
    'select hash from documents.arrival where arrived_at < $1 order by arrived_at limit $2',
    [before, mostAtOnce],
  )
  return rows.map(({ hash }) => hash)
}

/** Takes the row out if it is still that old, and says whether it was. */
export async function takeForgottenArrival(tx: Tx, hash: string, before: Date): Promise<boolean> {
  const taken = await rowsOf(tx, 'delete from documents.arrival where hash = $1 and arrived_at < $2 returning hash', [
    hash,
    before,
  ])
  return taken.length > 0
}
