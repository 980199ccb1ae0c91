import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { expect, test, vi } from 'vitest'
import { useStage } from '../stage.testing.ts'

const stage = useStage()

const fields = 'busy capacity used waiting running { task model weight since }'

test('the queue shows its totals to everybody and what runs to those who run it, at once and after each change', async () => {
  const viewer = createTestViewer()
  const { queue } = stage.platform.models
  const stream = await stage.client.subscribe(viewer, `subscription { inferenceQueueChanged { ${fields} } }`)
  const { capacity } = await queue.state()
  expect((await stream.next()).data).toEqual({
    inferenceQueueChanged: { busy: false, capacity, used: 0, waiting: 0, running: [] },
  })
  const request = {
    organizationId: viewer.organizationId,
    task: 'ask',
    model: 'mistral',
    weight: capacity,
    priority: 'interactive' as const,
  }
  const lease = await queue.acquire(request)
  expect((await stream.next()).data).toMatchObject({
    inferenceQueueChanged: {
      busy: true,
      used: capacity,
      running: [{ task: 'ask', model: 'mistral', weight: capacity }],
    },
  })
  const other = await stage.client.ask(createTestViewer(), `{ inferenceQueue { ${fields} } }`)
  expect(other.data).toMatchObject({ inferenceQueue: { busy: true, used: capacity, running: [] } })
  await lease.release()
  expect((await stream.next()).data).toMatchObject({ inferenceQueueChanged: { busy: false, used: 0, running: [] } })
  await stream.end()
})

test('nobody sees the queue without being logged in', async () => {
  const { errors } = await stage.client.ask(null, `{ inferenceQueue { ${fields} } }`)
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED' } }])
  await expect(stage.client.subscribe(null, `subscription { inferenceQueueChanged { ${fields} } }`)).rejects.toThrow(
    'Log in first',
  )
})

const waits = 'waitingCalls { id task model weight place cancellable } running { id task cancellable }'
const cancel = `mutation ($id: ID!) { cancelInferenceCall(id: $id) { __typename ... on InferenceQueue { waiting used } } }`

interface CallsView {
  waitingCalls: { id: string; task: string; place: number; cancellable: boolean }[]
  running: { id: string; task: string; cancellable: boolean }[]
}

const calls = async (viewer: Viewer): Promise<CallsView> =>
  (await stage.client.ask<{ inferenceQueue: CallsView }>(viewer, `{ inferenceQueue { ${waits} } }`)).data.inferenceQueue

/** One organisation with a call that runs, two that wait, and a stranger's in between. */
async function fill() {
  const owner = createTestViewer()
  const { organizationId } = owner
  const [anne, bruno] = [1, 2].map(() => createTestViewer({ organizationId, roles: ['OPERATOR'] })) as [Viewer, Viewer]
  const stranger = createTestViewer()
  const { queue } = stage.platform.models
  const { capacity } = await queue.state()
  const call = (viewer: Viewer, task: string) => ({
    ...viewer,
    task,
    model: 'mistral',
    weight: capacity,
    priority: 'interactive' as const,
  })
  const running = await queue.acquire(call(anne, 'runs'))
  const waiting: Promise<{ release(): Promise<void> } | null>[] = []
  for (const [viewer, task] of [
    [bruno, 'b'],
    [stranger, 's'],
    [anne, 'a'],
  ] as const) {
    waiting.push(
      queue.acquire(call(viewer, task)).then(
        (lease) => lease,
        () => null,
      ),
    )
    await vi.waitFor(async () => expect((await queue.state()).waiting).toBe(waiting.length), 5_000)
  }
  return {
    owner,
    anne,
    bruno,
    stranger,
    running,
    async empty() {
      await running.release()
      for (const wait of waiting) wait.then((lease) => lease?.release()).catch(() => undefined)
      await vi.waitFor(async () => expect(await queue.state()).toMatchObject({ used: 0, waiting: 0 }), 5_000)
    },
  }
}

test('who waits sees their own place in the whole queue, an administrator all of the organisation, and nobody another', async () => {
  const { owner, anne, bruno, stranger, empty } = await fill()
  expect((await calls(anne)).waitingCalls).toMatchObject([{ task: 'a', place: 3, cancellable: true }])
  expect((await calls(bruno)).waitingCalls).toMatchObject([{ task: 'b', cancellable: true }])
  expect((await calls(owner)).waitingCalls.map(({ task }) => task)).toEqual(['b', 'a'])
  expect((await calls(stranger)).waitingCalls).toMatchObject([{ task: 's', place: 1 }])
  expect((await calls(bruno)).running).toMatchObject([{ task: 'runs', cancellable: false }])
  expect((await calls(owner)).running).toMatchObject([{ task: 'runs', cancellable: true }])
  expect((await calls(stranger)).running).toEqual([])
  await empty()
})

test('a call is ended by whose it is and by administrators, waiting or running; others are told nothing of it', async () => {
  const { owner, anne, bruno, stranger, running, empty } = await fill()
  const end = async (viewer: Viewer | null, id: string) =>
    (await stage.client.ask<{ cancelInferenceCall: { __typename: string } }>(viewer, cancel, { id })).data
      .cancelInferenceCall
  const [own] = (await calls(anne)).waitingCalls
  for (const viewer of [bruno, stranger]) expect(await end(viewer, own!.id)).toMatchObject({ __typename: 'NotFound' })
  expect(await end(bruno, running.id)).toMatchObject({ __typename: 'NotAllowed' })
  expect(await end(stranger, running.id)).toMatchObject({ __typename: 'NotFound' })
  expect(await end(owner, 'lea_unknown')).toMatchObject({ __typename: 'NotFound' })
  expect(running.lost.aborted).toBe(false)
  expect(await end(anne, own!.id)).toMatchObject({ __typename: 'InferenceQueue', waiting: 2 })
  expect(await end(owner, (await calls(bruno)).waitingCalls[0]!.id)).toMatchObject({ waiting: 1 })
  expect(await end(anne, running.id)).toMatchObject({ __typename: 'InferenceQueue' })
  await vi.waitFor(() => expect(running.lost.aborted).toBe(true), 5_000)
  await empty()
})
