import { audit } from '@passerelle/platform/audit'
import type { ModelCall, ModelEntry } from '@passerelle/platform/models'
import type { Route } from '@passerelle/platform/models/policy'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { listRoutes, removeRoute, saveRoute } from './model-route.store.ts'

/** What models are wanted for, as an organisation may choose. */
export const modelTasks = ['ANSWERING', 'EMBEDDING', 'TRANSCRIPTION'] as const
export type ModelTask = (typeof modelTasks)[number]

/** A task with the model that the organisation wants for it, null for the usual one, and the one that does it now. */
export interface TaskRoute {
  task: ModelTask
  wanted: (Route & { setBy: string | null; setAt: Date }) | null
  current: string | null
}

const skillOf = { ANSWERING: 'chat', EMBEDDING: 'embedding', TRANSCRIPTION: 'speech' } as const satisfies Record<
  ModelTask,
  ModelEntry['skills'][number]
>
const taskOfKind = { complete: 'ANSWERING', embed: 'EMBEDDING', transcribe: 'TRANSCRIPTION' } as const satisfies Record<
  ModelCall['kind'],
  ModelTask
>

/** The task that a call belongs to. */
export const taskOf = ({ kind }: Pick<ModelCall, 'kind'>): ModelTask => taskOfKind[kind]

/** Every task, with who does it. */
export async function listTaskRoutes({ models, sql }: Platform, viewer: Viewer): Promise<TaskRoute[]> {
  const [routes, capabilities] = await Promise.all([
    sql.withOrganization(viewer, listRoutes),
    models.capabilities(viewer.organizationId),
  ])
  return modelTasks.map((task) => ({ task, wanted: routes.get(task) ?? null, current: capabilities[skillOf[task]] }))
}

/** Gives a task to a model that is there now and has the skill; null gives it back to the usual one. */
export async function routeTask(
  platform: Platform,
  viewer: Viewer,
  { task, model }: { task: ModelTask; model: Route | null },
): Promise<TaskRoute> {
  const { models, sql } = platform
  if (model) requireSkilled(await models.list(), { task, model })
  const { organizationId, userId } = viewer
  await sql.withOrganization(viewer, async (tx) => {
    await (model ? saveRoute(tx, { organizationId, task, ...model, setBy: userId }) : removeRoute(tx, task))
    audit(tx, {
      action: model ? 'model_route.set' : 'model_route.cleared',
      subject: { kind: 'ModelTask', id: task },
      detail: model ? { provider: model.provider, model: model.model } : {},
    })
  })
  models.policyChanged(organizationId)
  const route = (await listTaskRoutes(platform, viewer)).find((one) => one.task === task)
  if (!route) throw new Error(`${task} is a task.`)
  return route
}

function requireSkilled(listed: readonly ModelEntry[], { task, model }: { task: ModelTask; model: Route }): void {
  const found = listed.find(({ provider, name }) => provider === model.provider && name === model.model)
  if (!found) throw new InvalidInput('There is no such model now.', ['model'])
  if (!found.skills.includes(skillOf[task])) throw new InvalidInput('This model cannot do that.', ['model'])
}
