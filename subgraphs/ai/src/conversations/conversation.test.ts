import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { expect, test } from 'vitest'
import { ask, useStage } from '../stage.testing.ts'

const stage = useStage()

interface Conversations {
  conversations: {
    nodes: { id: string; title: string }[]
    totalCount: number
    pageInfo: { endCursor: string; hasNextPage: boolean }
  }
}

test('conversations come with the one last spoken in first, page by page', async () => {
  const viewer = createTestViewer()
  const ids: string[] = []
  for (const question of ['Première ?', 'Deuxième ?', 'Troisième ?'])
    ids.push((await ask(stage, viewer, { question })).conversationId)
  await ask(stage, viewer, { question: 'Encore ?', conversationId: ids[0] })
  const text = `query ($after: String) { conversations(first: 2, after: $after) { nodes { id title } totalCount pageInfo { endCursor hasNextPage } } }`
  const first = await stage.client.ask<Conversations>(viewer, text)
  expect(first.data.conversations).toMatchObject({
    nodes: [
      { id: ids[0], title: 'Première ?' },
      { id: ids[2], title: 'Troisième ?' },
    ],
    totalCount: 3,
    pageInfo: { hasNextPage: true },
  })
  const after = first.data.conversations.pageInfo.endCursor
  const second = await stage.client.ask<Conversations>(viewer, text, { after })
  expect(second.data.conversations).toMatchObject({ nodes: [{ id: ids[1] }], pageInfo: { hasNextPage: false } })
})

test('a conversation has its answers, oldest first, and a title of its first question', async () => {
  const viewer = createTestViewer()
  const long = 'Quel est le montant total de la facture ? '.repeat(4).trim()
  const { conversationId } = await ask(stage, viewer, { question: long })
  await ask(stage, viewer, { question: 'Deuxième ?', conversationId })
  await ask(stage, viewer, { question: 'Troisième ?', conversationId })
  const text = `query ($id: ID!, $after: String) {
    conversation(id: $id) { title answers(first: 2, after: $after) { nodes { question } totalCount pageInfo { endCursor } } }
  }`
  const { data } = await stage.client.ask<{
    conversation: { title: string; answers: { nodes: unknown[]; pageInfo: { endCursor: string } } }
  }>(viewer, text, { id: conversationId })
  expect(data.conversation.title).toHaveLength(80)
  expect(data.conversation.title).toMatch(/^Quel est le montant.*…$/)
  expect(data.conversation.answers).toMatchObject({
    nodes: [{ question: long }, { question: 'Deuxième ?' }],
    totalCount: 3,
  })
  const after = data.conversation.answers.pageInfo.endCursor
  const rest = await stage.client.ask(viewer, text, { id: conversationId, after })
  expect(rest.data).toMatchObject({ conversation: { answers: { nodes: [{ question: 'Troisième ?' }] } } })
})

test('a key has its own conversations with their answers, and neither a person nor another key has them', async () => {
  const person = createTestViewer()
  const key = { ...person, userId: null, sessionId: null, keyId: 'key_1' }
  const { conversationId: id } = await ask(stage, key, { question: 'Première ?' })
  const text = `query ($id: ID!) { conversation(id: $id) { answers { totalCount nodes { question } } } }`
  expect((await stage.client.ask(key, text, { id })).data).toEqual({
    conversation: { answers: { totalCount: 1, nodes: [{ question: 'Première ?' }] } },
  })
  for (const other of [person, { ...key, keyId: 'key_2' }])
    expect((await stage.client.ask(other, text, { id })).data).toEqual({ conversation: null })
})

test('nobody gets conversations without the right to ask', async () => {
  const viewer = createTestViewer({ roles: ['VIEWER'] })
  const { errors } = await stage.client.ask(viewer, '{ conversations { totalCount } }')
  expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
})

test('a memory that is lost or does not answer costs a conversation its thread, not its answers', async () => {
  const viewer = createTestViewer()
  const { conversationId } = await ask(stage, viewer, { question: 'Première ?' })
  await stage.platform.coordination.memory.remove(viewer.organizationId, `session:${viewer.userId}:${conversationId}`)
  expect(await ask(stage, viewer, { question: 'Et pour FA-12 ?', conversationId })).toMatchObject({
    conversationId,
    abstained: true,
  })
  const { append } = stage.platform.coordination.memory
  stage.platform.coordination.memory.append = () => Promise.reject(new Error('gone'))
  try {
    expect(await ask(stage, viewer, { question: 'Et après ?', conversationId })).toMatchObject({ conversationId })
  } finally {
    stage.platform.coordination.memory.append = append
  }
})
