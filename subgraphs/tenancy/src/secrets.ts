import type { FieldKeys, SealedTable } from '@passerelle/platform/sealing'
import type { Platform } from '@passerelle/platform/subgraph'

/** Closes what signs or opens a door outside, for one organisation, and opens it again; works without waiting, inside a transaction too. */
export type Secrets = FieldKeys

/** What opens and closes an organisation's secrets. Asked before a transaction. */
export function secretsOf({ sealing }: Pick<Platform, 'sealing'>, organizationId: string): Promise<Secrets> {
  return sealing.keysOf(organizationId)
}

/** An address may hold a token; a chat room's is nothing but one. */
export const secretTables: readonly SealedTable[] = [
  { name: 'tenancy.webhook', row: 'id', columns: ['url', 'secret', 'previous_secret'] },
  { name: 'tenancy.workflow_endpoint', row: 'id', columns: ['url', 'secret'] },
  { name: 'tenancy.workflow_run', row: 'id', columns: ['key_sealed'] },
]
