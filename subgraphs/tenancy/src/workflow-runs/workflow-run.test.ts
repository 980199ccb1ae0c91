import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { scopesOf, type Viewer } from '@passerelle/platform/schema'
import { rowsOf } from '@passerelle/platform/sql'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import {
  holding,
  openOutside,
  openOutwardTown,
  waiting,
  type Answering,
  type Outside,
  type OutwardTown,
  type Received,
} from '../webhooks/webhook.testing.ts'
import { startAtEndpoint } from './workflow-run-start.ts'
import { deadlineQueue, runQueue } from './workflow-run.ts'

let town: OutwardTown
let outside: Outside

beforeAll(async () => {
  town = await openOutwardTown()
})
afterAll(() => town.close())
beforeEach(async () => {
  outside = await openOutside()
})
afterEach(() => outside.close())

const create = `mutation ($input: CreateWorkflowEndpointInput!) { createWorkflowEndpoint(input: $input) {
  ... on Refusal { code } ... on InvalidInput { path } ... on WorkflowEndpointSecret { secret endpoint { id } } } }`

async function createEndpoint(viewer: Viewer, input: object = {}): Promise<string> {
  const given = { name: 'Relance', url: `${outside.url}/webhook/relance`, ...input }
  const { createWorkflowEndpoint: made } = await town.client.data<{
    createWorkflowEndpoint: { endpoint: { id: string } }
  }>(viewer, create, { input: given })
  return made.endpoint.id
}

interface Run {
  id: string
  state: string
  code?: string
  result: unknown
  failure: string | null
  progress: number | null
  attempts: number
  steps: { number: number; name: string; message: string | null }[]
  endpoint: { name: string; url: string | null }
}

const runFields = `... on Refusal { code } ... on InvalidInput { path } ... on WorkflowRun { id state result failure progress attempts retryOf steps { number name message } endpoint { name url } }`

async function start(viewer: Viewer, endpointId: string, more: object = {}): Promise<Run> {
  const text = `mutation ($input: StartWorkflowRunInput!) { startWorkflowRun(input: $input) { ${runFields} } }`
  const input = { endpointId, requestId: 'r1', input: { invoice: 'INV-1' }, ...more }
  return (await town.client.data<{ startWorkflowRun: Run }>(viewer, text, { input })).startWorkflowRun
}

async function runOf(viewer: Viewer, id: string): Promise<Run> {
  const text = `query ($id: ID!) { workflowRun(id: $id) { id state result failure progress attempts steps { number name message } endpoint { name url } } }`
  return (await town.client.data<{ workflowRun: Run }>(viewer, text, { id })).workflowRun
}

function settled(viewer: Viewer, id: string, isSo: (run: Run) => boolean): Promise<Run> {
  const once = async (): Promise<Run> => {
    const run = await runOf(viewer, id)
    expect(isSo(run), JSON.stringify(run)).toBe(true)
    return run
  }
  return vi.waitFor(once, { timeout: 60_000, interval: 50 })
}

interface Call {
  runId: string
  input: unknown
  callback: { url: string; key: string; expiresAt: string; progress: string; complete: string }
}

const callOf = (received: Received | undefined): Call => JSON.parse(received?.body ?? 'null')

/** What a workflow sends to `callback.url`: as nobody, with the text that it was given. */
async function report(
  { callback }: Call,
  text: 'progress' | 'complete',
  input: object,
): Promise<{ __typename: string; code?: string }> {
  const data = await town.client.data<Record<string, { __typename: string; code?: string }>>(null, callback[text], {
    input: { key: callback.key, ...input },
  })
  return Object.values(data)[0] ?? { __typename: 'nothing' }
}

test('a workflow that answers at once reports its steps and its result by the key that it was given', async () => {
  const viewer = createTestViewer()
  outside.answer = () => ({ status: 200, body: '{"message":"Workflow was started"}' })
  const run = await start(viewer, await createEndpoint(viewer))
  expect(run).toMatchObject({ state: 'QUEUED', endpoint: { name: 'Relance' } })
  const changes = await town.client.subscribe<{ workflowRunChanged: { run: Run } }>(
    viewer,
    `subscription ($id: ID!) { workflowRunChanged(id: $id, after: "0") { cursor run { id state } } }`,
    { id: run.id },
  )
  expect((await changes.next()).data.workflowRunChanged.run.id).toBe(run.id)
  const [received] = await outside.asked(1)
  const call = callOf(received)
  expect(call).toMatchObject({ runId: run.id, workflow: 'Relance', input: { invoice: 'INV-1' } })
  expect(received?.headers['webhook-signature']).toMatch(/^v1,/)
  await settled(viewer, run.id, ({ state }) => state === 'RUNNING')
  await report(call, 'progress', { progress: 0.5, step: { name: 'Client trouvé', message: 'Garage Müller' } })
  await report(call, 'progress', { state: 'WAITING', step: { name: 'Attend la signature' } })
  expect(await runOf(viewer, run.id)).toMatchObject({
    state: 'WAITING',
    progress: 0.5,
    steps: [
      { number: 1, name: 'Client trouvé', message: 'Garage Müller' },
      { number: 2, name: 'Attend la signature', message: null },
    ],
  })
  const done = { state: 'DONE', result: { sent: true } }
  expect(await report(call, 'complete', done)).toEqual({ __typename: 'WorkflowRunReported' })
  expect(await runOf(viewer, run.id)).toMatchObject({
    state: 'DONE',
    result: { sent: true },
    progress: 1,
    failure: null,
  })
  expect(await report(call, 'complete', done)).toEqual({ __typename: 'WorkflowRunReported' })
  await report(call, 'complete', { state: 'DONE', result: { sent: false } })
  expect(await runOf(viewer, run.id)).toMatchObject({ state: 'DONE', result: { sent: true } })
  expect(await report(call, 'complete', { state: 'FAILED' })).toMatchObject({ code: 'WORKFLOW_RUN_OVER' })
  expect(await report(call, 'progress', {})).toMatchObject({ code: 'WORKFLOW_RUN_OVER' })
  await changes.end()
})

test('a workflow that reports before it answers is not taken back, and one that says that it failed has', async () => {
  const viewer = createTestViewer()
  outside.answer = async (received) => {
    await report(callOf(received), 'complete', { state: 'FAILED', failure: 'Le compte est fermé.' })
    return { status: 200 }
  }
  const run = await start(viewer, await createEndpoint(viewer))
  await settled(viewer, run.id, ({ state }) => state === 'FAILED')
  expect(await runOf(viewer, run.id)).toMatchObject({ failure: 'Le compte est fermé.', result: null })
})

test('a workflow that answers when its last node has finished answers its result', async () => {
  const viewer = createTestViewer()
  outside.answer = () => ({ status: 200, body: '[{"total": 12}]' })
  const endpoint = await createEndpoint(viewer, { completion: 'ANSWER' })
  const run = await start(viewer, endpoint)
  expect(await settled(viewer, run.id, ({ state }) => state === 'DONE')).toMatchObject({ result: [{ total: 12 }] })
  outside.answer = () => ({ status: 200, body: 'x'.repeat(300_000) })
  const long = await start(viewer, endpoint, { requestId: 'r2' })
  expect(await settled(viewer, long.id, ({ state }) => state === 'FAILED')).toMatchObject({ result: null })
})

test('the same request is the same run, also when many ask at once, and starts once', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  const runs = await Promise.all(Array.from({ length: 8 }, () => start(viewer, endpoint)))
  expect(new Set(runs.map(({ id }) => id)).size).toBe(1)
  const other = await start(viewer, endpoint, { requestId: 'r2' })
  expect(other.id).not.toBe(runs[0]?.id)
  await settled(viewer, runs[0]?.id ?? '', ({ state }) => state === 'RUNNING')
  await settled(viewer, other.id, ({ state }) => state === 'RUNNING')
  expect(outside.received).toHaveLength(2)
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(
      tx,
      `update tenancy.workflow_run set state = 'DONE', ended_at = now() - interval '91 days' where request_id = 'r1'`,
      [],
    ),
  )
  const third = await start(viewer, endpoint, { requestId: 'r3' })
  expect([await runOf(viewer, runs[0]?.id ?? ''), (await runOf(viewer, third.id)).id]).toEqual([null, third.id])
})

test('a workflow that says no has failed with what it said; one that is away is asked again later', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  outside.answer = () => ({ status: 404, body: '{"code":404,"message":"The requested webhook is not registered."}' })
  const run = await start(viewer, endpoint)
  expect(await settled(viewer, run.id, ({ state }) => state === 'FAILED')).toMatchObject({
    failure: expect.stringContaining('is not registered'),
    attempts: 1,
  })
  outside.answer = () => ({ status: 502 })
  const again = `mutation ($id: ID!) { retryWorkflowRun(id: $id, requestId: "again") { ${runFields} } }`
  const { retryWorkflowRun: second } = await town.client.data<{ retryWorkflowRun: Run }>(viewer, again, { id: run.id })
  expect(second).toMatchObject({ state: 'QUEUED', retryOf: run.id })
  await settled(viewer, second.id, ({ attempts }) => attempts === 1)
  expect(await runOf(viewer, second.id)).toMatchObject({ state: 'QUEUED', failure: '502' })
  outside.answer = () => ({ status: 200 })
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(tx, `update jobs.job set start_after = now() where name = 'tenancy.workflow-run' and state < 'active'`, []),
  )
  await settled(viewer, second.id, ({ state }) => state === 'RUNNING')
  expect(callOf(outside.received.at(-1)).callback.key).toBe(callOf(outside.received.at(-2)).callback.key)
})

test('a run that is cancelled, or whose time is over, reports no more', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  const run = await start(viewer, endpoint)
  const [received] = await outside.asked(1)
  const cancel = `mutation ($id: ID!) { cancelWorkflowRun(id: $id) { ... on Refusal { code } ... on WorkflowRun { state } } }`
  expect(await town.client.data(viewer, cancel, { id: run.id })).toMatchObject({
    cancelWorkflowRun: { state: 'CANCELLED' },
  })
  expect(await report(callOf(received), 'complete', { state: 'DONE' })).toMatchObject({ code: 'WORKFLOW_RUN_OVER' })
  const late = await start(viewer, endpoint, { requestId: 'r2' })
  const [, second] = await outside.asked(2)
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(
      tx,
      `update jobs.job set start_after = now() where name = 'tenancy.workflow-deadline' and state < 'active'`,
      [],
    ),
  )
  await settled(viewer, late.id, ({ state }) => state === 'TIMED_OUT')
  expect(await report(callOf(second), 'complete', { state: 'DONE' })).toMatchObject({ code: 'WORKFLOW_RUN_OVER' })
  expect((await runOf(viewer, run.id)).state).toBe('CANCELLED')
})

test('a key opens its own run and nothing else, and is not kept as it is', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  const run = await start(viewer, endpoint)
  const other = await start(viewer, endpoint, { requestId: 'r2' })
  const calls = (await outside.asked(2)).map(callOf)
  const call = calls.find(({ runId }) => runId === run.id)
  if (!call) throw new Error('The run was not asked for.')
  const [organization, , token] = call.callback.key.split('.')
  const stranger = createTestViewer()
  for (const key of [
    `${organization}.${other.id}.${token}`,
    `${stranger.organizationId}.${run.id}.${token}`,
    `${organization}.${run.id}.${'A'.repeat(43)}`,
    'key',
    '',
  ])
    expect(await report({ ...call, callback: { ...call.callback, key } }, 'complete', { state: 'DONE' })).toMatchObject(
      {
        code: 'NOT_FOUND',
      },
    )
  const rows = await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(tx, 'select * from tenancy.workflow_run', []),
  )
  expect(JSON.stringify(rows)).not.toContain(token)
  const input = { state: 'CANCELLED' }
  expect(await report(call, 'complete', input)).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await report(call, 'progress', { state: 'DONE' })).toMatchObject({ code: 'INVALID_INPUT' })
  expect(await report(call, 'complete', { state: 'DONE', result: 'x'.repeat(300_000) })).toMatchObject({
    code: 'INVALID_INPUT',
  })
})

test('an input is checked by the schema of its workflow, and a schema that could hold us up is refused', async () => {
  const viewer = createTestViewer()
  const inputSchema = {
    type: 'object',
    properties: { invoice: { type: 'string' } },
    required: ['invoice'],
    additionalProperties: false,
  }
  const endpoint = await createEndpoint(viewer, { inputSchema })
  expect(await start(viewer, endpoint, { input: { invoice: 12 } })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['input', 'invoice'],
  })
  expect(await start(viewer, endpoint, { input: { invoice: 'INV-1' } })).toMatchObject({ state: 'QUEUED' })
  for (const schema of [{ type: 'string', pattern: '(a+)+$' }, { $ref: '#' }, 'text', { type: 'nothing' }])
    expect(
      (
        await town.client.data<{ createWorkflowEndpoint: object }>(viewer, create, {
          input: { name: 'X', url: outside.url, inputSchema: schema },
        })
      ).createWorkflowEndpoint,
    ).toMatchObject({ code: 'INVALID_INPUT', path: ['inputSchema'] })
})

test('another organisation neither sees nor starts it; who may run does not see its address, and who may not run sees nothing', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  const run = await start(viewer, endpoint)
  const stranger = createTestViewer()
  const manager: Viewer = { ...viewer, roles: ['MANAGER'], scopes: scopesOf(['MANAGER']) }
  const operator: Viewer = { ...viewer, roles: ['OPERATOR'], scopes: scopesOf(['OPERATOR']) }
  const seen = `query ($id: ID!, $run: ID!) { workflowEndpoint(id: $id) { id } workflowRun(id: $run) { id } workflowRuns { totalCount } workflowEndpoints { totalCount } }`
  expect(await town.client.data(stranger, seen, { id: endpoint, run: run.id })).toEqual({
    workflowEndpoint: null,
    workflowRun: null,
    workflowRuns: { totalCount: 0 },
    workflowEndpoints: { totalCount: 0 },
  })
  expect(await start(stranger, endpoint)).toMatchObject({ code: 'NOT_FOUND' })
  expect((await runOf(manager, run.id)).endpoint).toEqual({ name: 'Relance', url: null })
  expect(await start(operator, endpoint)).toMatchObject({ code: 'NOT_ALLOWED' })
  const { errors } = await town.client.ask(operator, seen, { id: endpoint, run: run.id })
  expect(errors).not.toEqual([])
  const acts = [
    `cancelWorkflowRun(id: "${run.id}") { ... on Refusal { code } }`,
    `retryWorkflowRun(id: "${run.id}", requestId: "x") { ... on Refusal { code } }`,
    `updateWorkflowEndpoint(input: { id: "${endpoint}", name: "x" }) { ... on Refusal { code } }`,
    `rotateWorkflowEndpointSecret(id: "${endpoint}") { ... on Refusal { code } }`,
    `deleteWorkflowEndpoint(id: "${endpoint}") { ... on Refusal { code } }`,
  ]
  for (const act of acts) {
    expect(Object.values(await town.client.data(stranger, `mutation { ${act} }`))).toEqual([{ code: 'NOT_FOUND' }])
    expect(Object.values(await town.client.data(operator, `mutation { ${act} }`))).toEqual([{ code: 'NOT_ALLOWED' }])
  }
})

test('who may not read runs does not have them go to another address', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  const key: Viewer = { ...viewer, userId: null, sessionId: null, keyId: 'key_1', scopes: ['webhook:manage'] }
  const update = `mutation ($input: UpdateWorkflowEndpointInput!) { updateWorkflowEndpoint(input: $input) { ... on Refusal { code } ... on WorkflowEndpoint { name url } } }`
  const move = { id: endpoint, name: 'Relance', url: `${outside.url}/taken` }
  expect(await town.client.data(key, update, { input: move })).toEqual({
    updateWorkflowEndpoint: { code: 'NOT_ALLOWED' },
  })
  const rename = { input: { ...move, name: 'Rappel', url: `${outside.url}/webhook/relance` } }
  expect(await town.client.data(key, update, rename)).toMatchObject({ updateWorkflowEndpoint: { name: 'Rappel' } })
  expect(await town.client.data(viewer, update, { input: move })).toMatchObject({
    updateWorkflowEndpoint: { url: move.url },
  })
})

test('a workflow that is switched off starts no more, one at an address inside is not taken, and a removed one is gone with its runs', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer)
  const run = await start(viewer, endpoint)
  const update = `mutation ($input: UpdateWorkflowEndpointInput!) { updateWorkflowEndpoint(input: $input) { ... on Refusal { code } ... on WorkflowEndpoint { active name } } }`
  const off = await town.client.data(viewer, update, { input: { id: endpoint, active: false } })
  expect(off).toEqual({ updateWorkflowEndpoint: { active: false, name: 'Relance' } })
  expect(await start(viewer, endpoint, { requestId: 'r2' })).toMatchObject({ code: 'INVALID_INPUT' })
  const inside = { input: { id: endpoint, url: 'http://169.254.169.254/' } }
  expect(await town.client.data(viewer, update, inside)).toMatchObject({
    updateWorkflowEndpoint: { code: 'INVALID_INPUT' },
  })
  await town.client.data(viewer, `mutation ($id: ID!) { deleteWorkflowEndpoint(id: $id) { __typename } }`, {
    id: endpoint,
  })
  expect(await runOf(viewer, run.id)).toBeNull()
})

test('a run that waits for its turn is not over before the workflow has been asked, and has its whole time from then on', async () => {
  const viewer = createTestViewer()
  const { organizationId } = viewer
  const { promise: never, resolve: end } = Promise.withResolvers<Answering>()
  outside.answer = () => never
  const endpoint = await createEndpoint(viewer, { completion: 'ANSWER' })
  const places = runQueue.perOrganization
  const runs: Run[] = []
  for (let count = 0; count <= places; count++) runs.push(await start(viewer, endpoint, { requestId: `r${count}` }))
  const asked = new Set((await outside.asked(places)).map((each) => callOf(each).runId))
  const late = runs.find(({ id }) => !asked.has(id))
  if (!late) throw new Error('All were asked at once.')
  await town.platform.sql.withOrganization(viewer, async (tx) => {
    // As if all of them had been made an hour ago.
    await rowsOf(
      tx,
      `update tenancy.workflow_run set created_at = created_at - interval '1 hour', deadline_at = deadline_at - interval '1 hour'`,
      [],
    )
    await rowsOf(tx, `update jobs.job set start_after = now() where name = $1 and group_id = $2 and state < 'active'`, [
      deadlineQueue.name,
      organizationId,
    ])
  })
  for (const id of asked) await settled(viewer, id, ({ state }) => state === 'TIMED_OUT')
  await vi.waitFor(async () => expect(await town.platform.jobs.unfinished(deadlineQueue, { organizationId })).toBe(0), {
    timeout: 60_000,
    interval: 50,
  })
  expect((await runOf(viewer, late.id)).state).toBe('QUEUED')
  end({ status: 200, body: '{"sent":true}' })
  expect(await settled(viewer, late.id, ({ state }) => state === 'DONE')).toMatchObject({ result: { sent: true } })
  const [call] = outside.received.filter((each) => callOf(each).runId === late.id).map(callOf)
  expect(new Date(call?.callback.expiresAt ?? 0).getTime()).toBeGreaterThan(Date.now() + 30 * 60_000)
})

test('a workflow whose answer is its result is asked again when that is lost, also after it has told how it goes', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer, { completion: 'ANSWER' })
  outside.answer = async (received) => {
    await report(callOf(received), 'progress', { progress: 0.5 })
    return { status: 502 }
  }
  const run = await start(viewer, endpoint)
  expect(await settled(viewer, run.id, ({ attempts }) => attempts === 1)).toMatchObject({
    state: 'RUNNING',
    failure: '502',
  })
  outside.answer = () => ({ status: 200, body: '{"sent":true}' })
  await hurry(viewer)
  expect(await settled(viewer, run.id, ({ state }) => state === 'DONE')).toMatchObject({
    result: { sent: true },
    failure: null,
  })
  expect(new Set(outside.received.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([run.id]))
  outside.answer = async (received) => {
    await report(callOf(received), 'progress', { state: 'WAITING' })
    return { status: 404 }
  }
  const other = await start(viewer, endpoint, { requestId: 'r2' })
  expect(await settled(viewer, other.id, ({ attempts }) => attempts === 1)).toMatchObject({
    state: 'FAILED',
    failure: '404',
  })
})

test('a process that stops while a workflow works, which has told how it goes, leaves it to be asked again with the same words', async () => {
  const viewer = createTestViewer()
  const endpoint = await createEndpoint(viewer, { completion: 'ANSWER' })
  const stopping = new AbortController()
  const { promise: never } = Promise.withResolvers<Answering>()
  outside.answer = () => never
  const run = await start(viewer, endpoint)
  const [received] = await outside.asked(1)
  await report(callOf(received), 'progress', { progress: 0.5 })
  const job = { id: 'job_1', organizationId: viewer.organizationId, data: { runId: run.id }, signal: stopping.signal }
  const going = startAtEndpoint(town.platform, job)
  await outside.asked(2)
  stopping.abort(new Error('The process stops.'))
  await expect(going).rejects.toThrow('The process stops.')
  outside.answer = () => ({ status: 200, body: '{"sent":true}' })
  await startAtEndpoint(town.platform, { ...job, signal: new AbortController().signal })
  expect(await runOf(viewer, run.id)).toMatchObject({ state: 'DONE', result: { sent: true } })
  expect(new Set(outside.received.map(({ body }) => body)).size).toBe(1)
})

async function hurry(viewer: Viewer): Promise<void> {
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(tx, `update jobs.job set start_after = now() where name = $1 and group_id = $2 and state < 'active'`, [
      runQueue.name,
      viewer.organizationId,
    ]),
  )
}

const rename = `mutation ($id: ID!) { act: updateWorkflowEndpoint(input: { id: $id, name: "Rappel" }) { __typename ... on Refusal { code } } }`

test('a new name beside a new secret leaves the new secret', async () => {
  const viewer = createTestViewer()
  const id = await createEndpoint(viewer)
  const other = await holding(town.platform, viewer, holdEndpoint(id))
  const rotate = `mutation ($id: ID!) { act: rotateWorkflowEndpointSecret(id: $id) { ... on WorkflowEndpointSecret { secret } } }`
  const rotated = town.client.data<{ act: { secret: string } }>(viewer, rotate, { id })
  await waiting(town.platform, 1)
  const renamed = town.client.data(viewer, rename, { id })
  await waiting(town.platform, 2)
  await other.letGo()
  const { secret } = (await rotated).act
  expect(await renamed).toEqual({ act: { __typename: 'WorkflowEndpoint' } })
  await start(viewer, id)
  const [received] = await outside.asked(1)
  expect(callOf(received)).toMatchObject({ workflow: 'Rappel' })
  new StandardWebhook(secret).verify(received?.body ?? '', received?.headers ?? {})
})

test('a new name beside a removal does not bring a workflow back', async () => {
  const viewer = createTestViewer()
  const id = await createEndpoint(viewer)
  const other = await holding(town.platform, viewer, holdEndpoint(id))
  const removed = town.client.data(viewer, `mutation ($id: ID!) { deleteWorkflowEndpoint(id: $id) { __typename } }`, {
    id,
  })
  await waiting(town.platform, 1)
  const renamed = town.client.data(viewer, rename, { id })
  await waiting(town.platform, 2)
  await other.letGo()
  await removed
  expect(await renamed).toMatchObject({ act: { code: 'NOT_FOUND' } })
  expect(await town.client.data(viewer, '{ workflowEndpoints { totalCount } }')).toEqual({
    workflowEndpoints: { totalCount: 0 },
  })
})

function holdEndpoint(id: string): readonly [string, unknown[]] {
  return ['select from tenancy.workflow_endpoint where id = $1 for update', [id]]
}

test('of many who each make the last workflow that there may be one does', async () => {
  const viewer = createTestViewer()
  await town.platform.sql.withOrganization(viewer, (tx) =>
    rowsOf(
      tx,
      `insert into tenancy.workflow_endpoint (id, organization_id, name, url, secret, completion, timeout_minutes)
       select $1 || ':' || number, $1, 'Relance', '', '', 'ANSWER', 1 from generate_series(1, 49) as number`,
      [viewer.organizationId],
    ),
  )
  const text = `mutation ($url: String!) { made: createWorkflowEndpoint(input: { name: "Relance", url: $url }) { __typename } }`
  const made = await Promise.all(
    Array.from({ length: 8 }, () =>
      town.client.data<{ made: { __typename: string } }>(viewer, text, { url: outside.url }),
    ),
  )
  expect(made.map(({ made: { __typename } }) => __typename).toSorted()).toEqual([
    ...Array.from({ length: 7 }, () => 'QuotaExceeded'),
    'WorkflowEndpointSecret',
  ])
})
