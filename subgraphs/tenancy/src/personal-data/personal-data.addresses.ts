import { installation, readRow, sealRow, type FieldKeys, type SealedTable } from '@passerelle/platform/sealing'
import type { Platform } from '@passerelle/platform/subgraph'

/** What closes and opens addresses: the installation's keys, for an account is found before any organisation is known. */
export type Addresses = FieldKeys

/** Asked before a transaction. */
export function addressesOf({ sealing }: Pick<Platform, 'sealing'>): Promise<Addresses> {
  return sealing.keysOf(installation)
}

/** Under which an address is found, however it is written. */
export function addressKey(addresses: Addresses, email: string): string {
  return addresses.blindIndex('EMAIL', email.toLowerCase())
}

const personTable: SealedTable = { name: 'tenancy.person', row: 'id', columns: ['email'] }
export const invitationTable: SealedTable = { name: 'tenancy.invitation', row: 'id', columns: ['email'] }

/** The columns of an account's address. */
export function sealPersonAddress(addresses: Addresses, { id, email }: { id: string; email: string }) {
  return { email: sealRow(addresses, personTable, { id, email }).email, email_key: addressKey(addresses, email) }
}

/** The columns of an invitation's address. */
export function sealInvitationAddress(addresses: Addresses, { id, email }: { id: string; email: string }) {
  return { email: sealRow(addresses, invitationTable, { id, email }).email, email_key: addressKey(addresses, email) }
}

export function readPersonAddress<Row extends { id: string; email: string }>(addresses: Addresses, row: Row): Row {
  return readRow(addresses, personTable, row)
}

export function readInvitationAddress<Row extends { id: string; email: string }>(addresses: Addresses, row: Row): Row {
  return readRow(addresses, invitationTable, row)
}

const batch = 500

/**
 * Closes every address that is in the clear, or closed with an older key; answers how many. Before it has resolved nobody who signed up before can log in.
 * Processes that do it at once do each other's work again, and no harm.
 */
export async function sealAddresses({ sql, sealing }: Pick<Platform, 'sql' | 'sealing'>): Promise<number> {
  const addresses = await addressesOf({ sealing })
  let closed = 0
  for (;;) {
    const rows = await sql.query<{ kind: 'person' | 'invitation'; id: string; email: string }>(
      'select * from tenancy.unsealed_addresses($1, $2)',
      [addresses.currentPrefix, batch],
    )
    for (const { kind, id, email } of rows) {
      const person = kind === 'person'
      const { email: open } = (person ? readPersonAddress : readInvitationAddress)(addresses, { id, email })
      const sealed = (person ? sealPersonAddress : sealInvitationAddress)(addresses, { id, email: open })
      await sql.query('select tenancy.seal_address($1, $2, $3, $4, $5)', [
        kind,
        id,
        email,
        sealed.email,
        sealed.email_key,
      ])
    }
    closed += rows.length
    if (rows.length < batch) return closed
  }
}
