import { publish, type Consumer } from '@passerelle/platform/facts'
import type { Queue } from '@passerelle/platform/jobs'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import type { Tables } from '../tables.ts'

/** A reminder that a key ends. */
export const keyQueue: Queue<{ apiKeyId: string }> = {
  name: 'tenancy.key-reminder',
  retries: 100,
  concurrency: 2,
  perOrganization: 1,
}

/** How long before its end a key is spoken of. */
const noticeMs = 14 * 24 * 3_600_000

/** Has each new key spoken of before it ends. */
export function createKeyConsumer({ sql, jobs }: Pick<Platform, 'sql' | 'jobs'>): Consumer {
  return {
    name: 'tenancy.key-reminders',
    types: ['api_key.created'],
    handle: ({ organizationId, payload }) =>
      sql.withOrganization({ organizationId }, async (tx) => {
        const apiKeyId = String(payload['apiKeyId'])
        const key = await findLivingKey(tx, apiKeyId)
        // A key that lives for less than that is made to end.
        if (!key || key.expires_at.getTime() - key.created_at.getTime() <= noticeMs) return
        const notBefore = new Date(key.expires_at.getTime() - noticeMs)
        await jobs.enqueue(tx, keyQueue, { apiKeyId }, { key: apiKeyId, notBefore })
      }),
  }
}

/** Tells that a key ends soon, unless it has been revoked meanwhile. */
export function remindOfKey({ sql }: Pick<Platform, 'sql'>, organizationId: string, apiKeyId: string): Promise<void> {
  return sql.withOrganization({ organizationId }, async (tx) => {
    const key = await findLivingKey(tx, apiKeyId)
    if (key) publish(tx, { type: 'api_key.expiring', payload: { apiKeyId, expiresAt: key.expires_at } })
  })
}

function findLivingKey(tx: Tx, id: string): Promise<{ created_at: Date; expires_at: Date } | undefined> {
  return tx
    .withTables<Tables>()
    .selectFrom('tenancy.api_key')
    .select(['created_at', 'expires_at'])
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', new Date())
    .executeTakeFirst()
}
