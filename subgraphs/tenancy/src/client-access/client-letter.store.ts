import { rowsOf, type Tx } from '@passerelle/platform/sql'

/** Whether anybody can come in as the client: by a link that holds, or with an account. */
export async function hasAccess(tx: Tx, clientId: string): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `select from tenancy.client_link where client_id = $1 and revoked_at is null and expires_at > now()
     union all select from tenancy.member where client_id = $1`,
    [clientId],
  )
  return rows.length > 0
}
