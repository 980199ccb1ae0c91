import { sql } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Attempt, Delivery } from './webhook-delivery.ts'
import { readableTypes } from './webhook.policy.ts'
import type { DeliveryRow, DeliveryState, WebhookTables } from './webhook.tables.ts'

const table = 'tenancy.webhook_delivery'

/** The log of one webhook as far as the viewer may read it, newest first. */
export function listDeliveries(
  { sql: database, viewer }: { sql: Sql; viewer: Viewer },
  { webhookId, states }: { webhookId: string; states: readonly DeliveryState[] | null },
  page: PageRequest,
): Promise<Page<Delivery>> {
  const wanted = states ? sql<boolean>`state = any(${[...states]})` : sql<boolean>`true`
  const list: List<DeliveryRow, Delivery> = {
    from: sql.table(table),
    where: sql`webhook_id = ${webhookId} and type = any(${readableTypes(viewer)}) and ${wanted}`,
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('dlv')]),
    toNode: toDelivery,
  }
  return listRows({ database, viewer }, list, page)
}

export async function findDelivery(tx: Tx, id: string, hold = false): Promise<Delivery | null> {
  const query = tx.withTables<WebhookTables>().selectFrom(table).selectAll().where('id', '=', id)
  const row = await (hold ? query.forUpdate() : query).executeTakeFirst()
  return row ? toDelivery(row) : null
}

/** False when the webhook has been told the fact already: of a fact it hears once. */
export async function insertDelivery(tx: Tx, delivery: Delivery): Promise<boolean> {
  const { id, organizationId, webhookId, factPosition, type, body, state, nextAt } = delivery
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<WebhookTables>()
    .insertInto(table)
    .values({
      id,
      organization_id: organizationId,
      webhook_id: webhookId,
      fact_position: factPosition,
      type,
      body,
      state,
      next_at: nextAt,
      settled_at: null,
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'webhook_id', 'fact_position']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Whether the webhook was told the same, to the letter, within the last hour. */
export async function wasDeliveredLately(tx: Tx, webhookId: string, body: string): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `select 1 from ${table} where webhook_id = $1 and body = $2 and created_at > now() - interval '1 hour' limit 1`,
    [webhookId, body],
  )
  return rows.length > 0
}

/** Writes how a message stands. */
export async function updateDelivery(tx: Tx, delivery: Delivery): Promise<void> {
  const { id, state, attempts, triedSince, nextAt, settledAt } = delivery
  await tx
    .withTables<WebhookTables>()
    .updateTable(table)
    .set({ state, attempts, tried_since: triedSince, next_at: nextAt, settled_at: settledAt })
    .where('id', '=', id)
    .execute()
}

export async function insertAttempt(
  tx: Tx,
  organizationId: string,
  attempt: Attempt & { deliveryId: string },
): Promise<void> {
  const { deliveryId, number, at, status, failure, latencyMs, answer } = attempt
  await tx
    .withTables<WebhookTables>()
    .insertInto('tenancy.webhook_attempt')
    .values({
      organization_id: organizationId,
      delivery_id: deliveryId,
      number,
      at,
      status,
      failure,
      latency_ms: latencyMs,
      answer,
    })
    .execute()
}

/** The tries of some messages, first to last. */
export async function loadAttempts(
  tx: Tx,
  deliveryIds: readonly string[],
): Promise<(Attempt & { deliveryId: string })[]> {
  const rows = await tx
    .withTables<WebhookTables>()
    .selectFrom('tenancy.webhook_attempt')
    .selectAll()
    .where('delivery_id', 'in', deliveryIds)
    .orderBy('number')
    .execute()
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    number: row.number,
    at: row.at,
    status: row.status,
    failure: row.failure,
    latencyMs: row.latency_ms,
    answer: row.answer,
  }))
}

/** What waits is kept until somebody says so. */
export async function holdDeliveries(tx: Tx, webhookId: string): Promise<void> {
  await rowsOf(tx, `update ${table} set state = 'HELD', next_at = null where webhook_id = $1 and state = 'WAITING'`, [
    webhookId,
  ])
}

/** What was held is let go. */
export async function skipHeld(tx: Tx, webhookId: string): Promise<void> {
  await rowsOf(
    tx,
    `update ${table} set state = 'SKIPPED', settled_at = now() where webhook_id = $1 and state = 'HELD'`,
    [webhookId],
  )
}

/** Whether something waits to be sent that is of none of the types. */
export async function awaitsOthers(tx: Tx, webhookId: string, types: readonly string[]): Promise<boolean> {
  const rows = await rowsOf(
    tx,
    `select from ${table} where webhook_id = $1 and state in ('WAITING', 'HELD') and not type = any($2) limit 1`,
    [webhookId, [...types]],
  )
  return rows.length > 0
}

interface Reopened {
  webhookId: string
  from: Date
  to: Date
  states: readonly DeliveryState[]
  types: readonly string[]
}

/** Holds what was to be told in a period, is of one of the types and is over; answers how many that are. */
export async function reopenDeliveries(tx: Tx, { webhookId, from, to, states, types }: Reopened): Promise<number> {
  const rows = await rowsOf<{ count: number }>(
    tx,
    `with reopened as (
       update ${table} set state = 'HELD', next_at = null, settled_at = null
       where webhook_id = $1 and created_at between $2 and $3 and state = any($4) and type = any($5) returning 1)
     select count(*) as count from reopened`,
    [webhookId, from, to, [...states], [...types]],
  )
  return rows[0]?.count ?? 0
}

/** Lets the oldest of what is held wait for its turn again; answers their ids. */
export async function releaseSome(tx: Tx, webhookId: string, most: number): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    `update ${table} set state = 'WAITING', next_at = now(), tried_since = now()
     where id in (select id from ${table} where webhook_id = $1 and state = 'HELD' order by id limit $2) returning id`,
    [webhookId, most],
  )
  return rows.map(({ id }) => id).sort()
}

/** Has the oldest of what was put off without ever being sent be due; answers their ids. */
export async function releasePutOff(tx: Tx, webhookId: string, most: number): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    tx,
    `update ${table} set next_at = now() where id in (
       select id from ${table} where webhook_id = $1 and state = 'WAITING' and attempts = 0 and next_at > now() order by id limit $2)
     returning id`,
    [webhookId, most],
  )
  return rows.map(({ id }) => id)
}

/** Removes some of what is older than the log is kept; what still waits stays. */
export async function pruneDeliveries(tx: Tx, organizationId: string, days: number): Promise<void> {
  await rowsOf(
    tx,
    `delete from ${table} where id in (
       select id from ${table} where organization_id = $1 and created_at < now() - $2 * interval '1 day' and state <> 'WAITING'
       limit 200 for update skip locked)`,
    [organizationId, days],
  )
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    organizationId: row.organization_id,
    webhookId: row.webhook_id,
    factPosition: row.fact_position,
    type: row.type,
    body: row.body,
    state: row.state,
    attempts: row.attempts,
    triedSince: row.tried_since,
    nextAt: row.next_at,
    createdAt: row.created_at,
    settledAt: row.settled_at,
  }
}
