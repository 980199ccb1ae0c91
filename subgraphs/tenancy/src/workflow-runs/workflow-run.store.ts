import { sql } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type Sql, type Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import type { Run, Step } from './workflow-run.ts'
import type { RunRow, RunState, WorkflowTables } from './workflow-run.tables.ts'

const table = 'tenancy.workflow_run'

/** Runs, newest first. */
export function listRuns(
  { sql: database, viewer }: { sql: Sql; viewer: Viewer },
  { endpointId, states }: { endpointId: string | null; states: readonly RunState[] | null },
  page: PageRequest,
): Promise<Page<Run>> {
  const ofEndpoint = endpointId ? sql`endpoint_id = ${endpointId}` : sql`true`
  const inState = states ? sql`state = any(${[...states]})` : sql`true`
  const list: List<RunRow, Run> = {
    from: sql.table(table),
    where: sql`${ofEndpoint} and ${inState}`,
    order: ['id'],
    descending: true,
    cursor: z.tuple([cursorParts.id('wfr')]),
    toNode: toRun,
  }
  return listRows({ database, viewer }, list, page)
}

/** Held against other changes until the transaction ends where that is asked for. */
export async function findRun(tx: Tx, id: string, hold = false): Promise<Run | null> {
  const query = tx.withTables<WorkflowTables>().selectFrom(table).selectAll().where('id', '=', id)
  const row = await (hold ? query.forUpdate() : query).executeTakeFirst()
  return row ? toRun(row) : null
}

/** The run that was started under a name. */
export async function findRunOf(
  tx: Tx,
  { endpointId, requestId }: { endpointId: string; requestId: string },
): Promise<Run | null> {
  const row = await tx
    .withTables<WorkflowTables>()
    .selectFrom(table)
    .selectAll()
    .where('endpoint_id', '=', endpointId)
    .where('request_id', '=', requestId)
    .executeTakeFirst()
  return row ? toRun(row) : null
}

/** False when another was first to start one under the name. */
export async function insertRun(tx: Tx, run: Run): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .withTables<WorkflowTables>()
    .insertInto(table)
    .values(toRow(run))
    .onConflict((conflict) => conflict.columns(['organization_id', 'endpoint_id', 'request_id']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function updateRun(tx: Tx, run: Run): Promise<void> {
  const { state, result, failure, progress, key_sealed, attempts, deadline_at, asked_at, started_at, ended_at } =
    toRow(run)
  await tx
    .withTables<WorkflowTables>()
    .updateTable(table)
    .set({ state, result, failure, progress, key_sealed, attempts, deadline_at, asked_at, started_at, ended_at })
    .where('id', '=', run.id)
    .execute()
}

/** Removes some of the runs that ended longer ago, with their steps: the oldest first. */
export async function pruneRuns(tx: Tx, organizationId: string, days: number): Promise<void> {
  await rowsOf(
    tx,
    `delete from ${table} where id in (
       select id from (select id, ended_at from ${table} where organization_id = $1 order by id limit 50) as oldest
       where ended_at < now() - $2 * interval '1 day')`,
    [organizationId, days],
  )
}

/** Adds a step; answers its number. */
export async function insertStep(tx: Tx, run: Run, step: Pick<Step, 'name' | 'message'>): Promise<number> {
  const { number } = await tx
    .withTables<WorkflowTables>()
    .insertInto('tenancy.workflow_step')
    .values({
      organization_id: run.organizationId,
      run_id: run.id,
      number: sql<number>`1 + (select count(*) from tenancy.workflow_step where run_id = ${run.id})`,
      name: step.name,
      message: step.message,
    })
    .returning('number')
    .executeTakeFirstOrThrow()
  return number
}

/** The steps of some runs, first to last. */
export function loadSteps(tx: Tx, runIds: readonly string[]): Promise<(Step & { runId: string })[]> {
  return tx
    .withTables<WorkflowTables>()
    .selectFrom('tenancy.workflow_step')
    .select(['run_id as runId', 'number', 'name', 'message', 'at'])
    .where('run_id', 'in', runIds)
    .orderBy('number')
    .execute()
}

function toRow(run: Run): Omit<RunRow, 'organization_id'> & { organization_id: string } {
  return {
    id: run.id,
    organization_id: run.organizationId,
    endpoint_id: run.endpointId,
    request_id: run.requestId,
    state: run.state,
    input: JSON.stringify(run.input ?? null),
    result: run.result === null ? null : JSON.stringify(run.result),
    failure: run.failure,
    progress: run.progress,
    key_hash: run.keyHash,
    key_sealed: run.keySealed,
    attempts: run.attempts,
    deadline_at: run.deadlineAt,
    asked_at: run.askedAt,
    retry_of: run.retryOf,
    started_by: run.startedBy,
    created_at: run.createdAt,
    started_at: run.startedAt,
    ended_at: run.endedAt,
  }
}

function toRun(row: RunRow): Run {
  return {
    id: row.id,
    organizationId: row.organization_id,
    endpointId: row.endpoint_id,
    requestId: row.request_id,
    state: row.state,
    input: row.input,
    result: row.result,
    failure: row.failure,
    progress: row.progress,
    keyHash: row.key_hash,
    keySealed: row.key_sealed,
    attempts: row.attempts,
    deadlineAt: row.deadline_at,
    askedAt: row.asked_at,
    retryOf: row.retry_of,
    startedBy: row.started_by,
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
