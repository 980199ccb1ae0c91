import type { ProviderName } from '@passerelle/platform/models'
import type { Tx } from '@passerelle/platform/sql'
import type { Consent } from './provider.ts'
import type { Tables } from '../tables.ts'

/** The organisation's leave for this server at this host, as long as it holds. */
export async function findConsent(
  tx: Tx,
  { name, host }: { name: ProviderName; host: string },
): Promise<Consent | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('ai.provider_consent')
    .select(['given_by', 'given_at'])
    .where('provider', '=', name)
    .where('host', '=', host)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst()
  return row ? { givenBy: row.given_by, givenAt: row.given_at } : null
}

/** Keeps a leave, unless one holds already. */
export async function insertConsent(
  tx: Tx,
  consent: { id: string; organizationId: string; name: ProviderName; host: string; givenBy: string | null },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('ai.provider_consent')
    .values({
      id: consent.id,
      organization_id: consent.organizationId,
      provider: consent.name,
      host: consent.host,
      given_by: consent.givenBy,
      withdrawn_by: null,
      withdrawn_at: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

/** Ends every leave for the server, at whichever host it was. */
export async function withdrawConsents(tx: Tx, name: ProviderName, userId: string | null): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('ai.provider_consent')
    .set({ withdrawn_by: userId, withdrawn_at: new Date() })
    .where('provider', '=', name)
    .where('withdrawn_at', 'is', null)
    .execute()
}
