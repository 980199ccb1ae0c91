import { EngineUnavailable, type Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { expect, test, vi } from 'vitest'
import { ask } from '../stage.testing.ts'
import { useProviderStage } from './provider.testing.ts'

const stage = useProviderStage({ alone: true })

const fields = 'name host outside healthy allowed consent { givenAt givenBy { id } }'
const decide = (field: 'allowProvider' | 'withdrawProvider') =>
  `mutation ($name: String!) { ${field}(name: $name) { __typename ... on ModelProvider { ${fields} } ... on Refusal { message } } }`
const allow = (viewer: Viewer, name = 'openai') =>
  stage.ask<{ allowProvider: object }>(viewer, decide('allowProvider'), { name })
const withdraw = (viewer: Viewer) => stage.ask(viewer, decide('withdrawProvider'), { name: 'openai' })
const providers = async (viewer: Viewer) =>
  (await stage.ask<{ modelProviders: { allowed: boolean }[] }>(viewer, `{ modelProviders { ${fields} } }`))
    .modelProviders
const paper = { title: 'Facture', pages: ['Le total TTC de la facture FA-1 est de 648,00 €.'] }

test('a server outside the house is told nothing until somebody who may has allowed it, and nothing once it is withdrawn', async () => {
  const { owner, operator } = stage
  stage.library.add(owner.organizationId, paper)
  const question = 'Quel est le total TTC de la facture FA-1 ?'
  expect(await providers(operator)).toMatchObject([
    { name: 'openai', outside: true, healthy: true, allowed: false, consent: null },
  ])
  expect((await ask(stage, operator, { question })).mode).toBe('EXTRACTIVE')
  expect(stage.outside.requests).toEqual([])

  stage.outside.answer = () => 'Le total TTC est de 648,00 € [1].'
  expect((await allow(owner)).allowProvider).toMatchObject({
    allowed: true,
    host: new URL(stage.outside.url).host,
    consent: { givenBy: { id: owner.userId } },
  })
  expect(await ask(stage, operator, { question })).toMatchObject({ mode: 'GENERATIVE', model: 'Qwen/Qwen3-8B' })
  const asked = stage.outside.requests.length
  expect(asked).toBeGreaterThan(0)

  await withdraw(owner)
  expect(await providers(operator)).toMatchObject([{ allowed: false, consent: null }])
  expect((await ask(stage, operator, { question })).mode).toBe('EXTRACTIVE')
  expect(stage.outside.requests).toHaveLength(asked)
})

test('the leave of one organisation is nobody else’s', async () => {
  await allow(stage.owner)
  const stranger = createTestViewer()
  expect(await providers(stranger)).toMatchObject([{ allowed: false }])
  expect(await stage.platform.models.capabilities(stranger.organizationId)).toMatchObject({
    chat: null,
    embedding: null,
  })
  const texts = { userId: null, task: 'embed chunks', priority: 'batch', purpose: 'passage', texts: ['colis'] } as const
  await expect(
    stage.platform.models.embed({ ...texts, organizationId: stranger.organizationId }),
  ).rejects.toBeInstanceOf(EngineUnavailable)
  expect(stage.outside.requests).toEqual([])
  await withdraw(stranger)
  expect(await providers(stage.owner)).toMatchObject([{ allowed: true }])
  expect(
    (await stage.platform.models.embed({ ...texts, organizationId: stage.owner.organizationId })).vectors,
  ).toHaveLength(1)
})

test('a leave holds once however often it is given, and keeps who gave it', async () => {
  await Promise.all([allow(stage.owner), allow(stage.owner)])
  const admin = createTestViewer({ organizationId: stage.owner.organizationId, roles: ['ADMIN'] })
  expect((await allow(admin)).allowProvider).toMatchObject({ consent: { givenBy: { id: stage.owner.userId } } })
  await withdraw(admin)
  expect(await providers(stage.owner)).toMatchObject([{ allowed: false }])
})

test('a leave is for the host that it was given for', async () => {
  await allow(stage.owner)
  await stage.platform.sql.withOrganization(stage.owner, (tx) =>
    tx
      .withTables<{ 'ai.provider_consent': { host: string } }>()
      .updateTable('ai.provider_consent')
      .set({ host: 'elsewhere.example.com' })
      .execute(),
  )
  stage.platform.models.policyChanged(stage.owner.organizationId)
  expect(await providers(stage.owner)).toMatchObject([{ allowed: false }])
  expect((await stage.platform.models.capabilities(stage.owner.organizationId)).chat).toBeNull()
})

test('a server that nobody configured is not found', async () => {
  expect((await allow(stage.owner, 'azure')).allowProvider).toMatchObject({ __typename: 'NotFound' })
  expect((await allow(stage.owner, 'ollama')).allowProvider).toMatchObject({ __typename: 'NotFound' })
})

test('a task goes to the model that the organisation wants, and back to the usual one', async () => {
  await allow(stage.owner)
  stage.outside.models = [{ id: 'first' }, { id: 'second' }, { id: 'text-embedding-3-small' }]
  await vi.waitFor(
    async () => expect((await stage.platform.models.capabilities(stage.owner.organizationId)).chat).toBe('first'),
    5_000,
  )
  const route = (input: object) =>
    stage.ask<{ routeTask: object }>(
      stage.owner,
      `mutation ($input: RouteTaskInput!) { routeTask(input: $input) { __typename
        ... on ModelRoute { task provider model current setBy { id } } ... on InvalidInput { path } } }`,
      { input },
    )
  expect((await route({ task: 'ANSWERING', provider: 'openai', model: 'second' })).routeTask).toEqual({
    __typename: 'ModelRoute',
    task: 'ANSWERING',
    provider: 'openai',
    model: 'second',
    current: 'second',
    setBy: { id: stage.owner.userId },
  })
  const stranger = createTestViewer()
  await allow(stranger)
  const routes = '{ modelRoutes { task provider model current } }'
  expect(await stage.ask(stranger, routes)).toEqual({
    modelRoutes: [
      { task: 'ANSWERING', provider: null, model: null, current: 'first' },
      { task: 'EMBEDDING', provider: null, model: null, current: 'openai/text-embedding-3-small' },
      { task: 'TRANSCRIPTION', provider: null, model: null, current: null },
    ],
  })
  for (const wrong of [
    { task: 'ANSWERING', provider: 'openai', model: 'nobody' },
    { task: 'ANSWERING', provider: 'openai', model: 'text-embedding-3-small' },
    { task: 'EMBEDDING', provider: 'openai', model: 'first' },
    { task: 'ANSWERING', provider: 'openai' },
    { task: 'ANSWERING', provider: 'azure', model: 'first' },
  ])
    expect((await route(wrong)).routeTask).toMatchObject({ __typename: 'InvalidInput' })
  expect((await route({ task: 'ANSWERING' })).routeTask).toMatchObject({ model: null, current: 'first' })
})
