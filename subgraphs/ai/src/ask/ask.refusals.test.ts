import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { GraphQLError } from 'graphql'
import { expect, test } from 'vitest'
import { deliveryNote } from './papers.testing.ts'
import { ask, askAny, listenToEnd, useStage } from '../stage.testing.ts'

const stage = useStage()

function someone() {
  const viewer = createTestViewer()
  stage.library.add(viewer.organizationId, { title: 'Bon de livraison', pages: [deliveryNote] })
  return { viewer }
}

test('what the asker may not ask is refused with a reason and the place of the fault', async () => {
  const { viewer } = someone()
  const refused = (input: Record<string, unknown>) => askAny(stage, viewer, { question: 'Quoi ?', ...input })
  expect(await refused({ question: '  ' })).toMatchObject({ __typename: 'InvalidInput', path: ['question'] })
  expect(await refused({ question: 'a'.repeat(2_001) })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['question'],
  })
  expect(await refused({ topK: 0 })).toMatchObject({ __typename: 'InvalidInput', path: ['topK'] })
  expect(await refused({ topK: 21 })).toMatchObject({ __typename: 'InvalidInput', path: ['topK'] })
  expect(await refused({ temperature: 2.1 })).toMatchObject({ __typename: 'InvalidInput', path: ['temperature'] })
  expect(await refused({ requestId: 'r'.repeat(201) })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['requestId'],
  })
  expect(await refused({ conversationId: 'cnv_unknown' })).toMatchObject({
    __typename: 'InvalidInput',
    path: ['input', 'conversationId'],
  })
  const reader = createTestViewer({ organizationId: viewer.organizationId, roles: ['VIEWER'] })
  expect(await askAny(stage, reader, { question: 'Quoi ?' })).toMatchObject({ __typename: 'NotAllowed' })
  await expect(askAny(stage, null, { question: 'Quoi ?' })).rejects.toThrow('Log in first')
})

test('a conversation of somebody else cannot be gone on with, and an answer of somebody else is not there', async () => {
  const { viewer } = someone()
  const { id, conversationId } = await ask(stage, viewer, {
    question: 'Combien de colis pour BL-70233 ?',
    requestId: 'one',
  })
  const colleague = createTestViewer({ organizationId: viewer.organizationId })
  for (const other of [colleague, createTestViewer()]) {
    expect(await askAny(stage, other, { question: 'Quoi ?', conversationId })).toMatchObject({
      __typename: 'InvalidInput',
    })
    const text =
      'query ($id: ID!, $cnv: ID!) { answer(id: $id) { text } conversation(id: $cnv) { title } conversations { nodes { id } } }'
    const { data } = await stage.client.ask(other, text, { id, cnv: conversationId })
    expect(data).toEqual({ answer: null, conversation: null, conversations: { nodes: [] } })
    expect((await ask(stage, other, { question: 'Quelle est la capitale ?', requestId: 'one' })).id).not.toBe(id)
  }
})

test('search that does not answer is an outage that is told, and leaves no conversation behind', async () => {
  const { viewer } = someone()
  stage.library.failure = new GraphQLError('away', { extensions: new EngineUnavailable('vectors').extensions })
  try {
    expect(await askAny(stage, viewer, { question: 'Combien de colis ?' })).toMatchObject({
      __typename: 'EngineUnavailable',
      engine: 'vectors',
    })
    expect(await listenToEnd(stage, viewer, { question: 'Combien de colis ?' })).toMatchObject([
      { __typename: 'EngineUnavailable', engine: 'vectors' },
    ])
  } finally {
    stage.library.failure = null
  }
  const { data } = await stage.client.ask(viewer, '{ conversations { nodes { id } totalCount } }')
  expect(data).toEqual({ conversations: { nodes: [], totalCount: 0 } })
})
