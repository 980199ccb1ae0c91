import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { expect, test, vi } from 'vitest'
import { useProviderStage } from './provider.testing.ts'

const stage = useProviderStage()

const refusal = '__typename ... on Refusal { code message }'
const pullFields = 'id model state status completedBytes totalBytes error cancellable endedAt'
const pull = `mutation ($name: String!) { pullModel(name: $name) { ${refusal} ... on ModelPull { ${pullFields} } } }`
const act = (field: string, key: 'name' | 'id', fields: string) =>
  `mutation ($value: ${key === 'id' ? 'ID' : 'String'}!) { ${field}(${key}: $value) { ${refusal} ${fields} } }`
const backup = '... on ModelBackup { id model copy digest sizeBytes available madeBy { id } }'

interface PullView {
  id: string
  model: string
  state: string
  status: string | null
  completedBytes: number
  totalBytes: number | null
  error: string | null
  cancellable: boolean
}

const gemma = () => ({ ...stage.house.models[0]!, name: 'gemma3:4b', digest: '9'.repeat(64), size: 4_000 })

test('everybody who may ask sees the models, with what they are and where they stand', async () => {
  stage.house.loaded.add('bge-m3:latest')
  const { models } = await stage.ask<{ models: unknown[] }>(
    stage.operator,
    '{ models { id name provider digest sizeBytes parameters quantization contextLength skills loaded outside } }',
  )
  expect(models).toEqual([
    {
      id: 'ollama/mistral-small:latest',
      name: 'mistral-small:latest',
      provider: 'ollama',
      digest: 'a'.repeat(64),
      sizeBytes: 4_000 * 2 ** 20,
      parameters: '7B',
      quantization: 'Q4_K_M',
      contextLength: 32_768,
      skills: ['CHAT'],
      loaded: false,
      outside: false,
    },
    expect.objectContaining({ name: 'bge-m3:latest', skills: ['EMBEDDING'], loaded: true }),
    expect.objectContaining({
      name: 'Qwen/Qwen3-8B',
      provider: 'openai',
      loaded: null,
      sizeBytes: null,
      outside: true,
    }),
    expect.objectContaining({ name: 'text-embedding-3-small', skills: ['EMBEDDING'] }),
    expect.objectContaining({ name: 'whisper-1', skills: [] }),
  ])
  await expect(stage.ask(null, '{ models { id } }')).rejects.toThrow('UNAUTHENTICATED')
})

test('a pull is followed live from another process of the same organisation or another, and ends with the model there', async () => {
  const steps: (() => void)[] = []
  stage.house.registry = [{ ...gemma(), step: () => new Promise((resolve) => steps.push(resolve)) }]
  const stream = await stage.client.subscribe<{ modelPullChanged: PullView }>(
    createTestViewer({ roles: ['ADMIN'] }),
    `subscription { modelPullChanged { ${pullFields} } }`,
  )
  const { pullModel } = await stage.ask<{ pullModel: PullView }>(stage.owner, pull, { name: 'gemma3:4b' })
  expect(pullModel).toMatchObject({ model: 'gemma3:4b', state: 'WAITING', cancellable: true })
  const seen: PullView[] = []
  const step = setInterval(() => steps.shift()?.(), 20)
  do seen.push((await stream.next()).data.modelPullChanged)
  while (seen.at(-1)?.cancellable)
  clearInterval(step)
  await stream.end()
  expect(seen.map(({ id }) => id).every((id) => id === pullModel.id)).toBe(true)
  expect(seen).toContainEqual(expect.objectContaining({ state: 'PULLING' }))
  expect(seen.at(-1)).toMatchObject({ state: 'DONE', completedBytes: 4_000, totalBytes: 4_000, cancellable: false })
  const { models } = await stage.ask<{ models: { name: string }[] }>(stage.operator, '{ models { name } }')
  expect(models).toContainEqual({ name: 'gemma3:4b' })
})

test('one pull brings a name at a time: who asks again gets the same, and who calls it off ends it for all', async () => {
  stage.house.registry = [{ ...gemma(), step: () => new Promise(() => undefined) }]
  const ask = () => stage.ask<{ pullModel: PullView }>(stage.owner, pull, { name: ' gemma3:4b ' })
  const first = (await ask()).pullModel
  await vi.waitFor(() => expect(stage.house.requests.some(({ path }) => path === '/api/pull')).toBe(true), 5_000)
  expect((await ask()).pullModel.id).toBe(first.id)
  const cancelled = await stage.ask<{ cancelModelPull: PullView }>(
    stage.owner,
    act('cancelModelPull', 'id', `... on ModelPull { ${pullFields} }`),
    { value: first.id },
  )
  expect(cancelled.cancelModelPull).toMatchObject({ id: first.id, state: 'CANCELLED', error: null })
  await vi.waitFor(() => expect(stage.house.requests.filter(({ path }) => path === '/api/pull')).toHaveLength(1))
  await vi.waitFor(() => expect(stage.house.open).toBe(0), 5_000)
  const { modelPulls } = await stage.ask<{ modelPulls: PullView[] }>(stage.owner, `{ modelPulls { ${pullFields} } }`)
  expect(modelPulls[0]).toMatchObject({ id: first.id, state: 'CANCELLED' })
})

test('a pull of what nobody has fails with the reason; a name that is none, or of a strange registry, is refused', async () => {
  const { pullModel } = await stage.ask<{ pullModel: PullView }>(stage.owner, pull, { name: 'nobody' })
  await vi.waitFor(async () => {
    const { modelPulls } = await stage.ask<{ modelPulls: PullView[] }>(stage.owner, `{ modelPulls { ${pullFields} } }`)
    expect(modelPulls.find(({ id }) => id === pullModel.id)).toMatchObject({
      state: 'FAILED',
      error: expect.stringContaining('file does not exist'),
    })
  }, 5_000)
  for (const name of ['', 'a b', '10.0.0.7/x/y', 'registry.example.com/x'])
    expect((await stage.ask<{ pullModel: object }>(stage.owner, pull, { name })).pullModel).toMatchObject({
      __typename: 'InvalidInput',
    })
})

test('a model is backed up, removed and given back; another organisation knows nothing of the backup', async () => {
  const made = await stage.ask<{ backUpModel: { id: string; copy: string } }>(
    stage.owner,
    act('backUpModel', 'name', backup),
    { value: 'mistral-small' },
  )
  expect(made.backUpModel).toMatchObject({
    model: 'mistral-small:latest',
    copy: expect.stringMatching(/^mistral-small:latest-backup-\d{8}-\d{6}$/),
    digest: 'a'.repeat(64),
    available: true,
    madeBy: { id: stage.owner.userId },
  })
  const remove = act('removeModel', 'name', '... on RemovedModel { name }')
  expect(await stage.ask(stage.owner, remove, { value: 'mistral-small' })).toMatchObject({
    removeModel: { __typename: 'RemovedModel' },
  })
  expect(await stage.ask(stage.owner, remove, { value: 'mistral-small' })).toMatchObject({
    removeModel: { __typename: 'NotFound' },
  })
  const restore = act('restoreModel', 'id', backup)
  const stranger = createTestViewer()
  expect(await stage.ask(stranger, restore, { value: made.backUpModel.id })).toMatchObject({
    restoreModel: { __typename: 'NotFound' },
  })
  expect(await stage.ask(stranger, '{ modelBackups { id } }')).toEqual({ modelBackups: [] })
  expect(await stage.ask(stage.owner, restore, { value: made.backUpModel.id })).toMatchObject({
    restoreModel: { __typename: 'ModelBackup' },
  })
  const names = (await stage.ask<{ models: { name: string }[] }>(stage.owner, '{ models { name } }')).models
  expect(names).toContainEqual({ name: 'mistral-small:latest' })
  expect(names.some(({ name }) => name.includes('-backup-'))).toBe(false)
  await stage.ask(stage.owner, act('removeModelBackup', 'id', backup), { value: made.backUpModel.id })
  expect(await stage.ask(stage.owner, '{ modelBackups { id } }')).toEqual({ modelBackups: [] })
  expect(stage.house.models.some(({ name }) => name === made.backUpModel.copy)).toBe(false)
})

test('nobody changes the installation’s models without the right to', async () => {
  for (const [text, value] of [
    [act('removeModel', 'name', ''), 'mistral-small'],
    [act('backUpModel', 'name', ''), 'mistral-small'],
    [act('restoreModel', 'id', ''), 'mbk_1'],
    [act('removeModelBackup', 'id', ''), 'mbk_1'],
    [act('cancelModelPull', 'id', ''), 'pul_1'],
    [act('allowProvider', 'name', ''), 'openai'],
    [act('withdrawProvider', 'name', ''), 'openai'],
    ['mutation ($value: String!) { pullModel(name: $value) { __typename } }', 'gemma3:4b'],
    [
      'mutation ($value: String!) { routeTask(input: { task: ANSWERING, provider: "ollama", model: $value }) { __typename } }',
      'mistral-small:latest',
    ],
  ] as const) {
    const data = await stage.ask<Record<string, { __typename: string }>>(stage.operator, text, { value })
    expect(Object.values(data)).toEqual([expect.objectContaining({ __typename: 'NotAllowed' })])
  }
  for (const text of ['{ modelPulls { id } }', '{ modelBackups { id } }'])
    await expect(stage.ask(stage.operator, text)).rejects.toThrow('FORBIDDEN')
  expect(stage.house.models).toHaveLength(2)
})
