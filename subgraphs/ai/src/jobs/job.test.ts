import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import { scopesOf } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { chatModel, embeddingModel } from '@passerelle/platform/models/testing'
import { expect, test, vi } from 'vitest'
import { sweepJobs } from './job-retention.ts'
import { saveJob } from './job.store.ts'
import { question, useModelStage, written } from '../models/model.testing.ts'
import { ask } from '../stage.testing.ts'

const stage = useModelStage()

interface JobView {
  id: string
  task: string
  model: string
  costMicros: number
  replayOf: { id: string } | null
}

interface JobsView {
  nodes: JobView[]
  totalCount: number
  pageInfo: { endCursor: string; hasNextPage: boolean }
  totals: { count: number; inputTokens: number; costMicros: number; models: { model: string; count: number }[] }
}

const jobFields = 'id task model costMicros replayOf { id }'

async function list(viewer: Viewer, filter: object = {}, page: object = {}): Promise<JobsView> {
  const text = `query ($filter: JobFilter, $first: Int, $after: String) { jobs(filter: $filter, first: $first, after: $after) {
    nodes { ${jobFields} } totalCount pageInfo { endCursor hasNextPage }
    totals { count inputTokens costMicros models { model count } } } }`
  return (await stage.client.data<{ jobs: JobsView }>(viewer, text, { filter, ...page })).jobs
}

/** A colleague of the stage's person, as another role. */
function colleague(role: 'OPERATOR' | 'ADMIN' | 'VIEWER'): Viewer {
  return createTestViewer({ organizationId: stage.viewer.organizationId, roles: [role] })
}

/** The stage's person with the rights of an operator, who sees their own calls alone. */
function plain(): Viewer {
  return { ...stage.viewer, roles: ['OPERATOR'], scopes: scopesOf(['OPERATOR']) }
}

async function embed(startedAt = new Date()): Promise<string> {
  const id = newId('job')
  const { organizationId } = stage.viewer
  await stage.platform.sql.withOrganization({ organizationId }, (tx) =>
    saveJob(tx, {
      id,
      organizationId,
      userId: null,
      task: 'embed chunks',
      kind: 'embed',
      provider: 'ollama',
      model: embeddingModel.name,
      digest: null,
      prompt: null,
      input: null,
      output: null,
      inputTokens: 1_000,
      outputTokens: null,
      waitedMs: 0,
      durationMs: 5,
      gpuMs: 5,
      outcome: 'done',
      error: null,
      startedAt,
    }),
  )
  return id
}

async function replay(viewer: Viewer, input: object) {
  const text = `mutation ($input: ReplayJobInput!) { replayJob(input: $input) { __typename
    ... on Job { ${jobFields} temperature output messages { role content } } ... on Refusal { code message } } }`
  return (await stage.client.data<{ replayJob: Record<string, unknown> & { id: string } }>(viewer, text, { input }))
    .replayJob
}

test('a call shows its template, what was sent, the passages it was given and what was answered', async () => {
  await ask(stage, stage.viewer, { question, temperature: 0.3 })
  const { nodes } = await list(stage.viewer)
  const { job } = await stage.client.data<{ job: object }>(
    stage.viewer,
    `query ($id: ID!) { job(id: $id) { prompt { name version } messages { role content } output temperature replayable outcome
       inputTokens outputTokens digest user { id } context { number title document { id } chunk { id } } } }`,
    { id: nodes[0]?.id },
  )
  expect(job).toMatchObject({
    prompt: { name: 'answer-from-passages', version: '2' },
    messages: [{ role: 'system' }, { role: 'user', content: expect.stringContaining(question) }],
    output: expect.stringContaining(written[0]?.slice(0, 20) ?? ''),
    temperature: 0.3,
    replayable: true,
    outcome: 'DONE',
    digest: chatModel.digest,
    user: { id: stage.viewer.userId },
  })
  expect(job).toMatchObject({
    context: expect.arrayContaining([
      expect.objectContaining({ title: 'Facture Kerouac', document: { id: stage.invoiceId } }),
    ]),
  })
})

test('texts of a call are its own person’s and the administrators’, and nobody else’s', async () => {
  await ask(stage, plain(), { question })
  const house = await embed()
  const own = await list(plain())
  expect(own.nodes.map(({ task }) => task)).toEqual(['ask'])
  const id = own.nodes[0]?.id
  const see = (viewer: Viewer, wanted = id) =>
    stage.client.ask(viewer, 'query ($id: ID!) { job(id: $id) { id output } }', { id: wanted })
  expect((await see(plain())).data).toMatchObject({ job: { id } })
  expect((await see(colleague('ADMIN'))).data).toMatchObject({ job: { id, output: expect.any(String) } })
  expect((await see(colleague('ADMIN'), house)).data).toMatchObject({ job: { output: null } })
  for (const viewer of [colleague('OPERATOR'), createTestViewer()]) {
    expect((await see(viewer)).data).toEqual({ job: null })
    expect(await list(viewer)).toMatchObject({ nodes: [], totalCount: 0, totals: { count: 0 } })
    expect(await list(viewer, { userId: stage.viewer.userId, text: 'Facture' })).toMatchObject({ totalCount: 0 })
  }
  expect((await see(plain(), house)).data).toEqual({ job: null })
  expect((await see(colleague('VIEWER'))).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  expect((await list(colleague('ADMIN'))).totalCount).toBe(2)
})

test('calls are listed the newest first, page by page, filtered, with what all of them come to', async () => {
  await ask(stage, stage.viewer, { question })
  const ids = [await embed(new Date('2026-01-02T00:00:00Z')), await embed(new Date('2026-01-01T00:00:00Z'))]
  const all = await list(stage.viewer)
  expect(all.nodes.map(({ task }) => task)).toEqual(['ask', 'embed chunks', 'embed chunks'])
  expect(all.totals).toMatchObject({
    count: 3,
    models: expect.arrayContaining([{ model: embeddingModel.name, count: 2 }]),
  })
  const first = await list(stage.viewer, {}, { first: 2 })
  const rest = await list(stage.viewer, {}, { first: 2, after: first.pageInfo.endCursor })
  expect([...first.nodes, ...rest.nodes]).toEqual(all.nodes)
  const only = async (filter: object) => (await list(stage.viewer, filter)).nodes.map(({ id }) => id)
  expect(await only({ task: 'embed chunks' })).toEqual(ids)
  expect(await only({ model: embeddingModel.name, from: '2026-01-01T12:00:00Z', to: '2026-01-03T00:00:00Z' })).toEqual([
    ids[0],
  ])
  expect(await only({ outcome: 'FAILED' })).toEqual([])
  expect(await only({ userId: stage.viewer.userId })).toEqual([all.nodes[0]?.id])
  expect(await only({ text: 'LE TOTAL TTC est' })).toEqual([all.nodes[0]?.id])
  expect(await only({ text: 'title="facture KEROUAC"' })).toEqual([all.nodes[0]?.id])
  expect(await only({ text: '100%_\\' })).toEqual([])
  const { jobWords } = await stage.client.data<{ jobWords: object }>(stage.viewer, '{ jobWords { tasks models } }')
  expect(jobWords).toEqual({ tasks: ['ask', 'embed chunks'], models: [embeddingModel.name, chatModel.name] })
})

test('a call costs what its model costs when it is recorded, and keeps it', async () => {
  const setPrice = (viewer: Viewer, input: object) =>
    stage.client.data(
      viewer,
      `mutation ($input: SetModelPriceInput!) { setModelPrice(input: $input) { __typename ... on ModelPrice { model inputMicros } ... on InvalidInput { path } } }`,
      { input },
    )
  const price = { model: embeddingModel.name, inputMicros: 20_000_000, outputMicros: 0 }
  const before = await embed()
  expect(await setPrice(stage.viewer, price)).toMatchObject({ setModelPrice: { inputMicros: 20_000_000 } })
  const after = await embed()
  await setPrice(stage.viewer, { ...price, inputMicros: 1 })
  const { nodes, totals } = await list(stage.viewer)
  expect(new Map(nodes.map(({ id, costMicros }) => [id, costMicros]))).toEqual(
    new Map([
      [before, 0],
      [after, 20_000],
    ]),
  )
  expect(totals.costMicros).toBe(20_000)
  expect(await setPrice(colleague('OPERATOR'), price)).toMatchObject({ setModelPrice: { __typename: 'NotAllowed' } })
  for (const inputMicros of [-1, 0.5, 1e300])
    expect(await setPrice(stage.viewer, { ...price, inputMicros })).toMatchObject({
      setModelPrice: { __typename: 'InvalidInput', path: ['inputMicros'] },
    })
  const other = createTestViewer()
  expect(await stage.client.data(other, '{ modelPrices { model } }')).toEqual({ modelPrices: [] })
})

test('a call that is run again sends the same messages, to another model when asked, and knows what it repeats', async () => {
  await ask(stage, stage.viewer, { question, temperature: 0.4 })
  const [original] = (await list(stage.viewer)).nodes
  stage.server.answer = () => 'Le total TTC est de 648,00 € [1], dit un autre.'
  const again = await replay(stage.viewer, { id: original?.id })
  expect(again).toMatchObject({
    __typename: 'Job',
    model: chatModel.name,
    temperature: 0.4,
    replayOf: { id: original?.id },
  })
  expect(again.output).toBe('Le total TTC est de 648,00 € [1], dit un autre.')
  expect(stage.prompts()[1]).toEqual(stage.prompts()[0])
  expect(await replay(stage.viewer, { id: original?.id, temperature: 1.5, batch: true })).toMatchObject({
    temperature: 1.5,
  })
  const other = { ...chatModel, name: 'qwen3:8b', digest: 'c'.repeat(64) }
  stage.server.models = [...stage.server.models, other]
  const input = { id: original?.id, model: other.name }
  await vi.waitFor(async () => expect(await replay(stage.viewer, input)).toMatchObject({ model: other.name }))
  expect(await replay(stage.viewer, { id: original?.id, model: 'nobody' })).toMatchObject({ code: 'INVALID_INPUT' })
  expect((await list(stage.viewer)).nodes.map(({ replayOf }) => replayOf?.id ?? null)).toEqual([
    original?.id,
    original?.id,
    original?.id,
    null,
  ])
})

test('what cannot be run again is refused by type, and what fails is recorded', async () => {
  await ask(stage, stage.viewer, { question })
  const [original] = (await list(stage.viewer)).nodes
  expect(await replay(stage.viewer, { id: await embed() })).toMatchObject({ __typename: 'NotReplayable' })
  expect(await replay(stage.viewer, { id: newId('job') })).toMatchObject({ __typename: 'NotFound' })
  expect(await replay(colleague('OPERATOR'), { id: original?.id })).toMatchObject({ __typename: 'NotFound' })
  expect(await replay(stage.viewer, { id: original?.id, temperature: 3 })).toMatchObject({ __typename: 'InvalidInput' })
  stage.server.faults.push('drop')
  expect(await replay(stage.viewer, { id: original?.id })).toMatchObject({ __typename: 'EngineUnavailable' })
  expect((await list(stage.viewer, { outcome: 'FAILED' })).nodes).toMatchObject([{ replayOf: { id: original?.id } }])
})

test('two calls are held against each other word by word', async () => {
  await ask(stage, stage.viewer, { question })
  const [original] = (await list(stage.viewer)).nodes
  stage.server.answer = () => 'Le total HT est de 540,00 € [1].'
  const again = await replay(stage.viewer, { id: original?.id })
  const text = `query ($id: ID!, $with: ID!) { job(id: $id) { comparison(with: $with) { left { id } right { id } similarity output { kind text } } } }`
  const { job } = await stage.client.data<{
    job: { comparison: { similarity: number; output: { kind: string; text: string }[] } }
  }>(stage.viewer, text, { id: original?.id, with: again.id })
  expect(job.comparison).toMatchObject({ left: { id: original?.id }, right: { id: again.id } })
  const { output, similarity } = job.comparison
  expect(
    output
      .filter(({ kind }) => kind !== 'REMOVED')
      .map((part) => part.text)
      .join(''),
  ).toBe('Le total HT est de 540,00 € [1].')
  expect(output).toContainEqual({ kind: 'ADDED', text: 'HT' })
  expect(similarity).toBeGreaterThan(0.2)
  expect(similarity).toBeLessThan(0.9)
  const missing = await stage.client.data(stage.viewer, text, { id: original?.id, with: newId('job') })
  expect(missing).toEqual({ job: { comparison: null } })
})

test('calls that are older than they are kept are removed, of every organisation, and no others', async () => {
  const old = await embed(new Date('2025-01-01T00:00:00Z'))
  const young = await embed()
  await sweepJobs(stage.platform, new Date('2025-06-01T00:00:00Z'))
  const ids = (await list(stage.viewer)).nodes.map(({ id }) => id)
  expect(ids).toContain(young)
  expect(ids).not.toContain(old)
})
