import type { Route } from '@passerelle/platform/models/policy'
import type { Tx } from '@passerelle/platform/sql'
import type { ModelTask, TaskRoute } from './model-route.ts'
import type { Tables } from '../tables.ts'

/** The organisation's routes, by task. */
export async function listRoutes(tx: Tx): Promise<Map<ModelTask, NonNullable<TaskRoute['wanted']>>> {
  const rows = await tx.withTables<Tables>().selectFrom('ai.model_route').selectAll().execute()
  return new Map(
    rows.map(({ task, provider, model, set_by, set_at }) => [task, { provider, model, setBy: set_by, setAt: set_at }]),
  )
}

/** Keeps the route of a task, in place of the one it had. */
export async function saveRoute(
  tx: Tx,
  { organizationId, task, ...route }: Route & { organizationId: string; task: ModelTask; setBy: string | null },
): Promise<void> {
  const columns = { provider: route.provider, model: route.model, set_by: route.setBy, set_at: new Date() }
  await tx
    .withTables<Tables>()
    .insertInto('ai.model_route')
    .values({ organization_id: organizationId, task, ...columns })
    .onConflict((conflict) => conflict.columns(['organization_id', 'task']).doUpdateSet(columns))
    .execute()
}

/** Gives the task back to the usual model. */
export async function removeRoute(tx: Tx, task: ModelTask): Promise<void> {
  await tx.withTables<Tables>().deleteFrom('ai.model_route').where('task', '=', task).execute()
}
