import { isWithin, networkAround } from '@passerelle/platform/identity/networks'
import type { KeyKind } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { findHolderRow, heldScopesOf, touchApiKey } from './api-key.store.ts'

/** Who asks with a secret, and from where they may. */
export interface Holder {
  organizationId: string
  kind: KeyKind
  /** What the key was given and its maker still has. */
  scopes: string[]
  networks: string[]
  /** When this secret ends, by itself. */
  validUntil: Date
}

/** Who holds a key, by its id and the hash of what is shown; null when nobody does. A use is noted beside that, and nobody waits for it. */
export async function findHolder(
  platform: Pick<Platform, 'sql' | 'log'>,
  { id, hash, caller }: { id: string; hash: string; caller: string | undefined },
): Promise<Holder | null> {
  const row = await findHolderRow(platform.sql, id, hash)
  if (!row) return null
  const holder: Holder = {
    organizationId: row.organization_id,
    kind: row.kind,
    scopes: heldScopesOf(row),
    networks: row.networks,
    validUntil: row.valid_until,
  }
  if (isWithin(holder.networks, caller)) {
    platform.sql
      .withOrganization(holder, (tx) => touchApiKey(tx, id, networkAround(caller)))
      .catch((error: unknown) => platform.log.warn({ err: error, keyId: id }, 'the use of a key could not be noted'))
  }
  return holder
}
