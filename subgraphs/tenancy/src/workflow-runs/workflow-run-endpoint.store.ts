import { sql } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { holdName } from '@passerelle/platform/sql/hold'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Secrets } from '../secrets.ts'
import type { WorkflowEndpoint } from './workflow-run-endpoint.ts'
import type { EndpointRow, WorkflowTables } from './workflow-run.tables.ts'

const table = 'tenancy.workflow_endpoint'

/** The organisation's workflows, oldest first. */
export function listEndpoints(
  { sql: database, secrets, viewer }: { sql: Sql; secrets: Secrets; viewer: Viewer },
  page: PageRequest,
): Promise<Page<WorkflowEndpoint>> {
  const list: List<EndpointRow, WorkflowEndpoint> = {
    from: sql.table(table),
    order: ['id'],
    cursor: z.tuple([cursorParts.id('wfe')]),
    toNode: (row) => toEndpoint(secrets, row),
  }
  return listRows({ database, viewer }, list, page)
}

/** Those of the ids that there are. */
export async function loadEndpoints(tx: Tx, secrets: Secrets, ids: readonly string[]): Promise<WorkflowEndpoint[]> {
  const rows = await tx.withTables<WorkflowTables>().selectFrom(table).selectAll().where('id', 'in', ids).execute()
  return rows.map((row) => toEndpoint(secrets, row))
}

/** Null when there is none; held against other changes until the transaction ends where that is asked for. */
export async function findEndpoint(
  tx: Tx,
  secrets: Secrets,
  { id, hold = false }: { id: string; hold?: boolean },
): Promise<WorkflowEndpoint | null> {
  const query = tx.withTables<WorkflowTables>().selectFrom(table).selectAll().where('id', '=', id)
  const row = await (hold ? query.forNoKeyUpdate() : query).executeTakeFirst()
  return row ? toEndpoint(secrets, row) : null
}

/** How many there are. Who counts before adding one is alone at it until the transaction ends. */
export async function countEndpoints(tx: Tx): Promise<number> {
  await holdName(tx, 'workflows')
  const { count } = await tx
    .withTables<WorkflowTables>()
    .selectFrom(table)
    .select((query) => query.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}

export async function insertEndpoint(tx: Tx, secrets: Secrets, endpoint: WorkflowEndpoint): Promise<void> {
  const { id, organizationId, createdBy, createdAt } = endpoint
  await tx
    .withTables<WorkflowTables>()
    .insertInto(table)
    .values({
      id,
      organization_id: organizationId,
      created_by: createdBy,
      created_at: createdAt,
      ...changing(secrets, endpoint),
    })
    .execute()
}

/** Writes all that may change of a workflow, which is held. */
export async function updateEndpoint(tx: Tx, secrets: Secrets, endpoint: WorkflowEndpoint): Promise<void> {
  const { id } = endpoint
  await tx
    .withTables<WorkflowTables>()
    .updateTable(table)
    .set(changing(secrets, endpoint))
    .where('id', '=', id)
    .execute()
}

function changing(
  { seal }: Secrets,
  endpoint: WorkflowEndpoint,
): Omit<EndpointRow, 'id' | 'organization_id' | 'created_by' | 'created_at'> {
  const { id: row, name, url, secret, inputSchema, completion, timeoutMinutes, active } = endpoint
  return {
    name,
    url: seal({ table, column: 'url', row }, url),
    secret: seal({ table, column: 'secret', row }, secret),
    input_schema: inputSchema === null ? null : JSON.stringify(inputSchema),
    completion,
    timeout_minutes: timeoutMinutes,
    active,
  }
}

export async function deleteEndpoint(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .withTables<WorkflowTables>()
    .deleteFrom(table)
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

function toEndpoint(secrets: Secrets, row: EndpointRow): WorkflowEndpoint {
  return {
    id: row.id,
    organizationId: row.organization_id,
    name: row.name,
    url: secrets.open({ table, column: 'url', row: row.id }, row.url),
    secret: secrets.open({ table, column: 'secret', row: row.id }, row.secret),
    inputSchema: row.input_schema,
    completion: row.completion,
    timeoutMinutes: row.timeout_minutes,
    active: row.active,
    createdBy: row.created_by,
    createdAt: row.created_at,
  }
}
