import { newId } from '@passerelle/platform/ids'
import type { Role, Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { expect, test } from 'vitest'
import { invoice } from '../ask/papers.testing.ts'
import { ask, useStage } from '../stage.testing.ts'

const stage = useStage()

interface View {
  __typename: string
  id: string
  status: string
  note: string | null
  reply: string | null
  code?: string
  by?: { id: string } | null
  path?: string[]
}

const fields = `id question note status reply asker { id } assignee { id } replier { id } isMine isAsker replyDocuments { id } answer { id }`
const answer = `{ __typename ... on HandOver { ${fields} } ... on Refusal { code } ... on InvalidInput { path }`

async function act(viewer: Viewer, verb: string, args: Record<string, unknown>): Promise<View> {
  const types: Record<string, string> = {
    id: 'ID!',
    answerId: 'ID!',
    text: 'String!',
    note: 'String',
    documentIds: '[ID!]',
  }
  const names = Object.keys(args)
  const extra = ['takeHandOver', 'answerHandOver'].includes(verb) ? '... on AlreadyTaken { by { id } }' : ''
  const text = `mutation (${names.map((name) => `$${name}: ${types[name]}`).join(', ')}) {
    ${verb}(${names.map((name) => `${name}: $${name}`).join(', ')}) ${verb.startsWith('answer') || verb === 'handOver' ? answer : answer.replace('... on InvalidInput { path }', '')} ${extra} } }`
  return (await stage.client.data<Record<string, View>>(viewer, text, args))[verb] as View
}

interface Town {
  asker: Viewer
  helper: Viewer
  other: Viewer
  answerId: string
  /** Hands the question over. */
  handOver: (note?: string) => Promise<View>
}

/** Somebody who has asked what nobody knows, and two colleagues who may answer. */
async function openTown(role: Role = 'ANALYST'): Promise<Town> {
  const asker = createTestViewer({ roles: [role] })
  const colleague = () => createTestViewer({ organizationId: asker.organizationId, roles: ['OPERATOR'] })
  const { id } = await ask(stage, asker, { question: 'Qui garde les clés du 3 rue Kerouac ?' })
  return {
    asker,
    helper: colleague(),
    other: colleague(),
    answerId: id,
    handOver: (note) => act(asker, 'handOver', { answerId: id, ...(note && { note }) }),
  }
}

async function list(viewer: Viewer, filter: object = {}, orderBy = 'CREATED_DESC') {
  const text = `query ($filter: HandOverFilter, $orderBy: HandOverOrder) { handOvers(filter: $filter, orderBy: $orderBy) { totalCount nodes { id } } }`
  const { handOvers } = await stage.client.data<{ handOvers: { totalCount: number; nodes: { id: string }[] } }>(
    viewer,
    text,
    { filter, orderBy },
  )
  return handOvers.nodes.map(({ id }) => id)
}

test('a question that is handed over twice is handed over once, as it was first written', async () => {
  const { asker, handOver, answerId } = await openTown()
  const first = await handOver('C’est urgent.')
  expect(first).toMatchObject({
    question: 'Qui garde les clés du 3 rue Kerouac ?',
    note: 'C’est urgent.',
    status: 'OPEN',
    isAsker: true,
    answer: { id: answerId },
  })
  const [again, ...others] = await Promise.all([handOver('Autrement.'), handOver(), handOver()])
  expect([again, ...others]).toEqual([first, first, first])
  const { data } = await stage.client.ask(asker, `query ($id: ID!) { answer(id: $id) { handOver { id status } } }`, {
    id: answerId,
  })
  expect(data).toEqual({ answer: { handOver: { id: first.id, status: 'OPEN' } } })
})

test('only one’s own answers can be handed over', async () => {
  const { helper, answerId, asker } = await openTown()
  expect(await act(helper, 'handOver', { answerId })).toMatchObject({ code: 'NOT_FOUND' })
  expect(await act(createTestViewer(), 'handOver', { answerId })).toMatchObject({ code: 'NOT_FOUND' })
  expect(await act(asker, 'handOver', { answerId, note: 'x'.repeat(2_001) })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['note'],
  })
})

test('colleagues who may answer see the question and never the answer; others see their own alone', async () => {
  const { asker, helper, answerId, handOver } = await openTown()
  expect(await list(helper)).toEqual([])
  const { id } = await handOver()
  const see = (viewer: Viewer) =>
    stage.client.data(viewer, `query ($id: ID!) { handOver(id: $id) { ${fields} } answer(id: "${answerId}") { id } }`, {
      id,
    })
  expect(await see(helper)).toMatchObject({ handOver: { id, isAsker: false, answer: null }, answer: null })
  expect(await list(helper)).toEqual([id])
  expect(await list(asker)).toEqual([id])
  const analyst = createTestViewer({ organizationId: asker.organizationId, roles: ['ANALYST'] })
  for (const viewer of [analyst, createTestViewer()]) {
    expect(await see(viewer)).toEqual({ handOver: null, answer: null })
    expect(await list(viewer)).toEqual([])
    for (const verb of ['takeHandOver', 'closeHandOver', 'reopenHandOver'])
      expect(await act(viewer, verb, { id })).toMatchObject({ code: 'NOT_FOUND' })
  }
  expect(await act(asker, 'takeHandOver', { id })).toMatchObject({ code: 'NOT_ALLOWED' })
  expect(await act(asker, 'answerHandOver', { id, text: 'Moi.' })).toMatchObject({ code: 'NOT_ALLOWED' })
})

test('of two who take a question at once one has it, and the other is told who', async () => {
  const { helper, other, handOver } = await openTown()
  const { id } = await handOver()
  const taken = await Promise.all([act(helper, 'takeHandOver', { id }), act(other, 'takeHandOver', { id })])
  const [winner] = taken.filter(({ __typename }) => __typename === 'HandOver')
  const [loser] = taken.filter(({ __typename }) => __typename === 'AlreadyTaken')
  expect(winner).toMatchObject({ status: 'TAKEN', isMine: true })
  const by = taken[0]?.__typename === 'HandOver' ? helper.userId : other.userId
  expect(loser).toMatchObject({ code: 'ALREADY_TAKEN', by: { id: by } })
  const [first, second] = by === helper.userId ? [helper, other] : [other, helper]
  expect(await act(first, 'takeHandOver', { id })).toEqual(winner)
  expect(await act(second, 'answerHandOver', { id, text: 'Moi, je sais.' })).toMatchObject({ by: { id: by } })
  expect(await list(first, { mine: true, statuses: ['TAKEN'] })).toEqual([id])
  expect(await list(second, { mine: true })).toEqual([])
})

test('a reply comes to the asker with the documents that its writer may read', async () => {
  const { asker, helper, answerId, handOver } = await openTown()
  const paper = stage.library.add(asker.organizationId, { title: 'Clés', pages: [invoice] })
  const foreign = stage.library.add(createTestViewer().organizationId, { title: 'Clés', pages: [invoice] })
  const { id } = await handOver()
  for (const documentIds of [[foreign], [paper, newId('doc')]])
    expect(await act(helper, 'answerHandOver', { id, text: 'Regarde.', documentIds })).toMatchObject({
      code: 'INVALID_INPUT',
      path: ['documentIds'],
    })
  expect(await act(helper, 'answerHandOver', { id, text: '  ' })).toMatchObject({ path: ['text'] })
  const reply = { id, text: 'Marie les garde.\nDemande-lui.', documentIds: [paper, paper] }
  const answered = await act(helper, 'answerHandOver', reply)
  expect(answered).toMatchObject({ status: 'ANSWERED', reply: reply.text, replier: { id: helper.userId } })
  expect(await act(helper, 'answerHandOver', reply)).toEqual(answered)
  const { data } = await stage.client.ask(
    asker,
    `query ($id: ID!) { answer(id: $id) { handOver { reply replyDocuments { id } replier { id } } } }`,
    { id: answerId },
  )
  expect(data).toEqual({
    answer: { handOver: { reply: reply.text, replyDocuments: [{ id: paper }], replier: { id: helper.userId } } },
  })
  expect(await act(helper, 'answerHandOver', { id, text: 'Non : Paul.' })).toMatchObject({ reply: 'Non : Paul.' })
})

test('what is closed can be opened again as it was, by those whom it concerns', async () => {
  const { asker, helper, other, handOver } = await openTown()
  const { id } = await handOver()
  await act(helper, 'takeHandOver', { id })
  expect(await act(other, 'closeHandOver', { id })).toMatchObject({ code: 'NOT_ALLOWED' })
  expect(await act(asker, 'closeHandOver', { id })).toMatchObject({ status: 'CLOSED' })
  expect(await act(helper, 'answerHandOver', { id, text: 'Trop tard.' })).toMatchObject({ code: 'HAND_OVER_NOT_OPEN' })
  expect(await act(other, 'takeHandOver', { id })).toMatchObject({ code: 'HAND_OVER_NOT_OPEN' })
  expect(await act(asker, 'reopenHandOver', { id })).toMatchObject({
    status: 'TAKEN',
    assignee: { id: helper.userId },
  })
  await act(helper, 'answerHandOver', { id, text: 'Paul.' })
  await act(asker, 'closeHandOver', { id })
  expect(await act(asker, 'reopenHandOver', { id })).toMatchObject({ status: 'ANSWERED', reply: 'Paul.' })
  expect(await act(asker, 'reopenHandOver', { id })).toMatchObject({ status: 'TAKEN', reply: 'Paul.' })
  expect(await act(helper, 'reopenHandOver', { id })).toMatchObject({ status: 'OPEN', assignee: null })
})

test('the one that waits longest comes first when asked for', async () => {
  const { asker, helper, handOver } = await openTown()
  const { id: first } = await handOver()
  const { id: answerId } = await ask(stage, asker, { question: 'Qui a le badge ?' })
  const { id: second } = await act(asker, 'handOver', { answerId })
  expect(await list(helper, { statuses: ['OPEN'] }, 'CREATED_ASC')).toEqual([first, second])
  expect(await list(helper)).toEqual([second, first])
  expect(await list(helper, { asked: true })).toEqual([])
  expect(await list(asker, { asked: true })).toEqual([second, first])
})

test('every step is heard after a cursor by the asker and by who may answer, each once', async () => {
  const { asker, helper, other, handOver } = await openTown()
  const { id } = await handOver()
  await act(helper, 'takeHandOver', { id })
  await act(helper, 'takeHandOver', { id })
  await act(helper, 'answerHandOver', { id, text: 'Marie.' })
  await act(asker, 'closeHandOver', { id })
  const text = `subscription { handOversChanged(after: "0") { id cursor handOver { status reply } } }`
  for (const viewer of [asker, other]) {
    const events = await stage.client.subscribe<{ handOversChanged: { id: string; cursor: string } }>(viewer, text)
    const heard = []
    for (let count = 0; count < 4; count++) heard.push((await events.next()).data.handOversChanged)
    await events.end()
    expect(heard.map((event) => event.id)).toEqual([id, id, id, id])
    expect(heard.at(-1)).toMatchObject({ handOver: { status: 'CLOSED', reply: 'Marie.' } })
    expect(new Set(heard.map(({ cursor }) => cursor)).size).toBe(4)
  }
  const stranger = createTestViewer({ organizationId: asker.organizationId, roles: ['ANALYST'] })
  const { id: answerId } = await ask(stage, stranger, { question: 'Et le badge ?' })
  const events = await stage.client.subscribe<{ handOversChanged: { id: string } }>(stranger, text)
  const own = await act(stranger, 'handOver', { answerId })
  expect((await events.next()).data.handOversChanged.id).toBe(own.id)
  await events.end()
})
