import { expect, test } from 'vitest'
import { newId } from '@passerelle/platform/ids'
import type { Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { createTestClient, createTestViewer, engineAway, useSubgraph } from '@passerelle/platform/subgraph/testing'
import { memory } from './index.ts'

const town = useSubgraph(memory)

const at = '2026-11-20T08:30:00.000Z'

async function say(viewer: Viewer, conversationId: string, value: string): Promise<void> {
  const bounds = { maxEntries: 10, maxSize: 1_000, ttlSeconds: 60 }
  await town.platform.coordination.memory.append(
    viewer.organizationId,
    `session:${viewer.userId}:${conversationId}`,
    { value, size: 1 },
    bounds,
  )
}

async function recall(viewer: Viewer, conversationId: string): Promise<unknown> {
  const text =
    'query ($id: ID!) { workingMemory(conversationId: $id) { conversationId expiresAt turns { role text at } } }'
  const { data, errors } = await town.client.ask(viewer, text, { id: conversationId })
  expect(errors).toEqual([])
  return data.workingMemory
}

async function forget(viewer: Viewer, conversationId: string): Promise<unknown> {
  const text =
    'mutation ($id: ID!) { forgetWorkingMemory(conversationId: $id) { __typename ... on WorkingMemoryForgotten { conversationId } } }'
  const { data, errors } = await town.client.ask(viewer, text, { id: conversationId })
  expect(errors).toEqual([])
  return data.forgetWorkingMemory
}

test('the turns of a conversation are listed until they are forgotten', async () => {
  const viewer = createTestViewer()
  const conversationId = newId('cnv')
  await say(viewer, conversationId, JSON.stringify({ role: 'user', text: 'Où est le colis ?', at }))
  await say(viewer, conversationId, JSON.stringify({ role: 'assistant', text: 'À Lyon.', at }))
  expect(await recall(viewer, conversationId)).toEqual({
    conversationId,
    expiresAt: expect.stringMatching(/Z$/),
    turns: [
      { role: 'user', text: 'Où est le colis ?', at },
      { role: 'assistant', text: 'À Lyon.', at },
    ],
  })
  expect(await forget(viewer, conversationId)).toEqual({ __typename: 'WorkingMemoryForgotten', conversationId })
  expect(await recall(viewer, conversationId)).toBeNull()
  expect(await forget(viewer, conversationId)).toEqual({ __typename: 'NotFound' })
})

test('a conversation is remembered for its own person alone', async () => {
  const viewer = createTestViewer()
  const colleague = createTestViewer({ organizationId: viewer.organizationId })
  const elsewhere = { ...createTestViewer(), userId: viewer.userId }
  const conversationId = newId('cnv')
  await say(viewer, conversationId, JSON.stringify({ role: 'user', text: 'Secret', at }))
  for (const other of [colleague, elsewhere, { ...viewer, userId: null }]) {
    expect(await recall(other, conversationId)).toBeNull()
    expect(await forget(other, conversationId)).toEqual({ __typename: 'NotFound' })
  }
  expect(await recall(colleague, `${viewer.userId}:${conversationId}`)).toBeNull()
  expect(await recall(viewer, conversationId)).not.toBeNull()
})

test('a turn that cannot be read is passed over', async () => {
  const viewer = createTestViewer()
  const conversationId = newId('cnv')
  await say(viewer, conversationId, '{ half a')
  await say(viewer, conversationId, JSON.stringify({ role: 'user', text: 'Oui', at }))
  expect(await recall(viewer, conversationId)).toMatchObject({ turns: [{ text: 'Oui' }] })
})

test('who may not ask has nothing to forget', async () => {
  expect(await forget(createTestViewer({ roles: ['VIEWER'] }), newId('cnv'))).toEqual({ __typename: 'NotAllowed' })
})

test('a memory that does not answer says so', async () => {
  const coordination = {
    ...town.platform.coordination,
    memory: engineAway<Platform['coordination']['memory']>('coordination'),
  }
  const { errors } = await createTestClient({ ...town.platform, coordination }, memory).ask(
    createTestViewer(),
    '{ workingMemory(conversationId: "cnv_1") { expiresAt } }',
  )
  expect(errors).toMatchObject([{ extensions: { code: 'ENGINE_UNAVAILABLE', engine: 'coordination' } }])
})
