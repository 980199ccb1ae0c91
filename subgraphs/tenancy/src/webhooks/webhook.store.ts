import { sql } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { holdName } from '@passerelle/platform/sql/hold'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Secrets } from '../secrets.ts'
import type { Webhook } from './webhook.ts'
import type { PauseReason, WebhookKind, WebhookRow, WebhookState, WebhookTables } from './webhook.tables.ts'

const table = 'tenancy.webhook'

/** Webhooks of some kinds, oldest first. */
export function listWebhooks(
  { sql: database, secrets, viewer }: { sql: Sql; secrets: Secrets; viewer: Viewer },
  kinds: readonly WebhookKind[],
  page: PageRequest,
): Promise<Page<Webhook>> {
  const list: List<WebhookRow, Webhook> = {
    from: sql.table(table),
    where: sql`kind = any(${[...kinds]})`,
    order: ['id'],
    cursor: z.tuple([cursorParts.id('whk')]),
    toNode: (row) => toWebhook(secrets, row),
  }
  return listRows({ database, viewer }, list, page)
}

/** Null when there is none; held against other changes until the transaction ends where that is asked for. */
export async function findWebhook(
  tx: Tx,
  secrets: Secrets,
  { id, hold = false }: { id: string; hold?: boolean },
): Promise<Webhook | null> {
  const query = tx.withTables<WebhookTables>().selectFrom(table).selectAll().where('id', '=', id)
  const row = await (hold ? query.forNoKeyUpdate() : query).executeTakeFirst()
  return row ? toWebhook(secrets, row) : null
}

/** How many there are. Who counts before adding one is alone at it until the transaction ends. */
export async function countWebhooks(tx: Tx): Promise<number> {
  await holdName(tx, 'webhooks')
  const { count } = await tx
    .withTables<WebhookTables>()
    .selectFrom(table)
    .select((query) => query.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

/** How a webhook stands, for who writes a message to it: it is neither paused nor resumed until the transaction ends. Null when it is gone. */
export async function keepState(tx: Tx, id: string): Promise<WebhookState | null> {
  const row = await tx
    .withTables<WebhookTables>()
    .selectFrom(table)
    .select('state')
    .where('id', '=', id)
    .forShare()
    .executeTakeFirst()
  return row?.state ?? null
}

/** Who hears something of this kind, as far as their rows can say it: without what is sealed. In an order that all take who write to several. */
export function listHearers(tx: Tx, kinds: readonly WebhookKind[]): Promise<Hearer[]> {
  return tx
    .withTables<WebhookTables>()
    .selectFrom(table)
    .select(['id', 'kind', 'types', 'language', 'after_position as afterPosition'])
    .where('kind', 'in', kinds)
    .orderBy('id')
    .execute()
}

export interface Hearer extends Pick<Webhook, 'id' | 'kind' | 'types' | 'language'> {
  afterPosition: number
}

/** A new webhook hears what is published from now on. */
export async function insertWebhook(tx: Tx, secrets: Secrets, webhook: Webhook): Promise<void> {
  const { id, organizationId, kind, name, types, language, createdBy, createdAt } = webhook
  await tx
    .withTables<WebhookTables>()
    .insertInto(table)
    .values({
      id,
      organization_id: organizationId,
      kind,
      name,
      types,
      language,
      ...sealed(secrets, webhook),
      after_position: sql<number>`coalesce((select position from platform.fact_head where organization_id = ${organizationId}), 0)`,
      created_by: createdBy,
      created_at: createdAt,
    })
    .execute()
}

/** Writes all that may change of a webhook. */
export async function updateWebhook(tx: Tx, secrets: Secrets, webhook: Webhook): Promise<void> {
  const { id, name, types, language, state, pausedBecause, failingSince, failingTold } = webhook
  await tx
    .withTables<WebhookTables>()
    .updateTable(table)
    .set({
      name,
      types,
      language,
      state,
      paused_because: pausedBecause,
      failing_since: failingSince,
      failing_told: failingTold,
      ...sealed(secrets, webhook),
    })
    .where('id', '=', id)
    .execute()
}

export async function deleteWebhook(tx: Tx, id: string): Promise<void> {
  await tx.withTables<WebhookTables>().deleteFrom(table).where('id', '=', id).execute()
}

/** Something has arrived. True when nothing had before it. */
export async function noteArrival(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<WebhookTables>()
    .updateTable(table)
    .set({ failing_since: null, failing_told: false })
    .where('id', '=', id)
    .where('failing_since', 'is not', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

interface Trouble {
  since: Date
  told: boolean
}

/** After so long a silence it is looked again, once it has been as long before. */
const longestSilence = sql`interval '10 minutes'`
/** Longer than a try takes: then its process is gone. */
const probing = sql`interval '30 seconds'`

/**
 * Nothing has arrived: since when not, and whether that has been told. The next message is sent at once after the first failure, then after as long as it has failed, up to ten minutes. The
 * row is held until the transaction ends.
 */
export async function noteTrouble(tx: Tx, id: string): Promise<Trouble | null> {
  const row = await tx
    .withTables<WebhookTables>()
    .updateTable(table)
    .set({
      failing_since: sql<Date>`coalesce(failing_since, now())`,
      probe_at: sql<Date>`now() + least(now() - coalesce(failing_since, now()), ${longestSilence})`,
    })
    .where('id', '=', id)
    .returning(['failing_since', 'failing_told'])
    .executeTakeFirst()
  return row?.failing_since ? { since: row.failing_since, told: row.failing_told } : null
}

/** Whether it is time to send one message to a webhook where nothing arrives; then no other is sent until that one has its answer. */
export async function claimProbe(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<WebhookTables>()
    .updateTable(table)
    .set({ probe_at: sql<Date>`now() + ${probing}` })
    .where('id', '=', id)
    .where(sql<boolean>`coalesce(probe_at, now()) <= now()`)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Somebody wants to see now whether something arrives: the next message is sent. */
export async function openProbe(tx: Tx, id: string): Promise<void> {
  await tx.withTables<WebhookTables>().updateTable(table).set({ probe_at: null }).where('id', '=', id).execute()
}

export async function noteTold(tx: Tx, id: string): Promise<void> {
  await tx.withTables<WebhookTables>().updateTable(table).set({ failing_told: true }).where('id', '=', id).execute()
}

/** False when it is paused already. */
export async function setPaused(tx: Tx, id: string, because: PauseReason): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .withTables<WebhookTables>()
    .updateTable(table)
    .set({ state: 'PAUSED', paused_because: because })
    .where('id', '=', id)
    .where('state', '=', 'ACTIVE')
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function sealed(
  { seal }: Secrets,
  { id: row, url, secret, previousSecret, previousUntil }: Webhook,
): Pick<WebhookRow, 'url' | 'secret' | 'previous_secret' | 'previous_until'> {
  return {
    url: seal({ table, column: 'url', row }, url),
    secret: secret && seal({ table, column: 'secret', row }, secret),
    previous_secret: previousSecret && seal({ table, column: 'previous_secret', row }, previousSecret),
    previous_until: previousUntil,
  }
}

function toWebhook({ open }: Secrets, row: WebhookRow): Webhook {
  const opened = (column: 'secret' | 'previous_secret'): string | null =>
    row[column] && open({ table, column, row: row.id }, row[column])
  return {
    id: row.id,
    organizationId: row.organization_id,
    kind: row.kind,
    name: row.name,
    url: open({ table, column: 'url', row: row.id }, row.url),
    types: row.types,
    language: row.language,
    secret: opened('secret'),
    previousSecret: opened('previous_secret'),
    previousUntil: row.previous_until,
    state: row.state,
    pausedBecause: row.paused_because,
    failingSince: row.failing_since,
    failingTold: row.failing_told,
    createdBy: row.created_by,
    createdAt: row.created_at,
  }
}
