import DataLoader from 'dataloader'
import { requireViewer } from '@passerelle/platform/schema'
import type { TenancyContext } from '../builder.ts'
import { secretsOf } from '../secrets.ts'
import type { WorkflowEndpoint } from './workflow-run-endpoint.ts'
import { loadEndpoints } from './workflow-run-endpoint.store.ts'
import { loadSteps } from './workflow-run.store.ts'
import type { Step } from './workflow-run.ts'

interface Loaders {
  steps: DataLoader<string, Step[]>
  endpoints: DataLoader<string, WorkflowEndpoint | null>
}

/** One read for all the runs of an answer. */
const known = new WeakMap<TenancyContext, Loaders>()

export function runLoaders(context: TenancyContext): Loaders {
  const made = known.get(context)
  if (made) return made
  const { platform } = context
  const viewer = requireViewer(context)
  const loaders: Loaders = {
    steps: new DataLoader(async (ids) => {
      const found = await platform.sql.withOrganization(viewer, (tx) => loadSteps(tx, ids))
      const byRun = Map.groupBy(found, ({ runId }) => runId)
      return ids.map((id) => byRun.get(id) ?? [])
    }),
    endpoints: new DataLoader(async (ids) => {
      const secrets = await secretsOf(platform, viewer.organizationId)
      const found = await platform.sql.withOrganization(viewer, (tx) => loadEndpoints(tx, secrets, ids))
      const byId = new Map(found.map((endpoint) => [endpoint.id, endpoint]))
      return ids.map((id) => byId.get(id) ?? null)
    }),
  }
  known.set(context, loaders)
  return loaders
}
