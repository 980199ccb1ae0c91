import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { newId } from '@passerelle/platform/ids'
import { NotAllowed, NotFound, parseInput, QuotaExceeded, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { secretsOf } from '../secrets.ts'
import { requireAddress } from '../webhooks/webhook.ts'
import { newWebhookSecret } from '../webhooks/webhook.sign.ts'
import {
  countEndpoints,
  deleteEndpoint,
  findEndpoint,
  insertEndpoint,
  updateEndpoint,
} from './workflow-run-endpoint.store.ts'
import { requireInputSchema } from './workflow-run-input.ts'
import type { Completion } from './workflow-run.tables.ts'

/** A workflow outside, such as one of n8n, that is started by a request to its address. */
export interface WorkflowEndpoint {
  id: string
  organizationId: string
  name: string
  url: string
  /** Signs the request that starts it. */
  secret: string
  /** A JSON Schema, or null for any input. */
  inputSchema: unknown
  completion: Completion
  timeoutMinutes: number
  active: boolean
  createdBy: string | null
  createdAt: Date
}

const most = 50

const fields = {
  name: z
    .string()
    .trim()
    .min(1, 'A workflow has a name.')
    .max(100, 'A name has at most 100 characters.')
    .regex(/^\P{Cc}*$/u, 'A name is one line.'),
  url: z.string(),
  inputSchema: z.unknown().optional(),
  completion: z.enum(['CALLBACK', 'ANSWER']),
  timeoutMinutes: z.int().min(1, 'A run has a minute at least.').max(43_200, 'A run has 30 days at most.'),
}
const newEndpoint = z.object({
  ...fields,
  completion: fields.completion.default('CALLBACK'),
  timeoutMinutes: fields.timeoutMinutes.default(60),
})

/** Makes a workflow known. What signs its requests is told now and never again. */
export async function createEndpoint(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof newEndpoint>,
): Promise<{ endpoint: WorkflowEndpoint; secret: string }> {
  const given = parseInput(newEndpoint, input)
  await requireAddress(platform, given.url)
  const { organizationId, userId: createdBy } = viewer
  const secret = newWebhookSecret()
  const endpoint: WorkflowEndpoint = {
    ...given,
    inputSchema: requireInputSchema(given.inputSchema ?? null),
    id: newId('wfe'),
    organizationId,
    secret,
    active: true,
    createdBy,
    createdAt: new Date(),
  }
  const secrets = await secretsOf(platform, organizationId)
  await platform.sql.withOrganization(viewer, async (tx) => {
    const used = await countEndpoints(tx)
    if (used >= most)
      throw new QuotaExceeded({ message: `An organisation has at most ${most} workflows.`, limit: most, used })
    await insertEndpoint(tx, secrets, endpoint)
    audit(tx, { action: 'workflow_endpoint.created', subject: subjectOf(endpoint.id) })
  })
  return { endpoint, secret }
}

const endpointChange = z.object({
  id: z.string(),
  name: fields.name.nullish(),
  url: fields.url.nullish(),
  inputSchema: z.unknown().optional(),
  completion: fields.completion.nullish(),
  timeoutMinutes: fields.timeoutMinutes.nullish(),
  active: z.boolean().nullish(),
})

/** Changes a workflow; what is left out stays. Runs that are under way are not touched. */
export async function changeEndpoint(
  platform: Platform,
  viewer: Viewer,
  input: z.input<typeof endpointChange>,
): Promise<WorkflowEndpoint> {
  const change = parseInput(endpointChange, input)
  if (change.url) await requireAddress(platform, change.url)
  return changed(platform, viewer, { id: change.id, action: 'workflow_endpoint.updated' }, (endpoint) => ({
    ...requireReader(viewer, endpoint, change.url),
    name: change.name ?? endpoint.name,
    url: change.url ?? endpoint.url,
    inputSchema: change.inputSchema === undefined ? endpoint.inputSchema : requireInputSchema(change.inputSchema),
    completion: change.completion ?? endpoint.completion,
    timeoutMinutes: change.timeoutMinutes ?? endpoint.timeoutMinutes,
    active: change.active ?? endpoint.active,
  }))
}

/** What runs are given, and what waits to be tried again, goes to the new address: who moves it must be one who may read runs. */
function requireReader(viewer: Viewer, endpoint: WorkflowEndpoint, url: string | null | undefined): WorkflowEndpoint {
  if (url && url !== endpoint.url && !viewer.scopes.includes('workflow:run'))
    throw new NotAllowed('To move a workflow to another address one must hold workflow:run.')
  return endpoint
}

/** What signs from now on, told now and never again. */
export async function rotateEndpointSecret(
  platform: Platform,
  viewer: Viewer,
  id: string,
): Promise<{ endpoint: WorkflowEndpoint; secret: string }> {
  const secret = newWebhookSecret()
  const change = { id, action: 'workflow_endpoint.secret_rotated' }
  return { endpoint: await changed(platform, viewer, change, (endpoint) => ({ ...endpoint, secret })), secret }
}

/** Removes a workflow with its runs. */
export function removeEndpoint(platform: Platform, viewer: Viewer, id: string): Promise<{ id: string }> {
  return platform.sql.withOrganization(viewer, async (tx) => {
    if (!(await deleteEndpoint(tx, id))) throw new NotFound()
    audit(tx, { action: 'workflow_endpoint.deleted', subject: subjectOf(id) })
    return { id }
  })
}

async function changed(
  platform: Platform,
  viewer: Viewer,
  { id, action }: { id: string; action: string },
  next: (endpoint: WorkflowEndpoint) => WorkflowEndpoint,
): Promise<WorkflowEndpoint> {
  const secrets = await secretsOf(platform, viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const endpoint = await findEndpoint(tx, secrets, { id, hold: true })
    if (!endpoint) throw new NotFound()
    const after = next(endpoint)
    await updateEndpoint(tx, secrets, after)
    audit(tx, { action, subject: subjectOf(id), detail: { active: after.active } })
    return after
  })
}

function subjectOf(id: string): { kind: string; id: string } {
  return { kind: 'WorkflowEndpoint', id }
}
