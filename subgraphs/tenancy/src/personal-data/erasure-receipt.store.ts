import { randomBytes } from 'node:crypto'
import type { ErasedStore, SignedReceipt } from '@passerelle/platform/privacy'
import { installation } from '@passerelle/platform/sealing'
import { rowsOf, type Sql } from '@passerelle/platform/sql'
import { hashToken } from '../sessions/token.ts'

/** The receipt of an organisation that will be gone when it is written: kept by the installation, and read by whoever holds its token. */
export interface KeptReceipt {
  id: string
  found: ErasedStore[] | null
  receipt: SignedReceipt | null
}

const scope = { organizationId: installation }

/** Makes a place for a receipt, or takes the one that an erasure that began at once has made; answers the token that reads it, which is kept nowhere. */
export async function openReceipt(sql: Sql, id: string): Promise<string> {
  const token = randomBytes(32).toString('base64url')
  await sql.withOrganization(scope, (tx) =>
    rowsOf(
      tx,
      `insert into tenancy.erasure_receipt (organization_id, id, token_hash) values ($1, $2, $3)
       on conflict (organization_id, id) do update set token_hash = excluded.token_hash`,
      [installation, id, hashToken(token)],
    ),
  )
  return token
}

export async function findReceipt(sql: Sql, id: string): Promise<KeptReceipt | null> {
  const [row] = await sql.withOrganization(scope, (tx) =>
    rowsOf<KeptReceipt>(tx, 'select id, found, receipt from tenancy.erasure_receipt where id = $1', [id]),
  )
  return row ?? null
}

/** The receipt that a token reads; null for an unknown token and while it is not written. */
export async function readReceiptBy(sql: Sql, token: string): Promise<SignedReceipt | null> {
  const [row] = await sql.withOrganization(scope, (tx) =>
    rowsOf<KeptReceipt>(tx, 'select id, found, receipt from tenancy.erasure_receipt where token_hash = $1', [
      hashToken(token),
    ]),
  )
  return row?.receipt ?? null
}

/** One that a restored database has no place for any more gets a new one, which no token reads. */
export async function keepFound(sql: Sql, id: string, found: readonly ErasedStore[]): Promise<void> {
  await sql.withOrganization(scope, (tx) =>
    rowsOf(
      tx,
      `insert into tenancy.erasure_receipt (organization_id, id, token_hash, found) values ($1, $2, $3, $4)
       on conflict (organization_id, id) do update set found = excluded.found`,
      [installation, id, hashToken(randomBytes(32).toString('base64url')), JSON.stringify(found)],
    ),
  )
}

export async function keepReceipt(sql: Sql, id: string, receipt: SignedReceipt): Promise<void> {
  await sql.withOrganization(scope, (tx) =>
    rowsOf(tx, 'update tenancy.erasure_receipt set receipt = $2 where id = $1', [id, JSON.stringify(receipt)]),
  )
}
