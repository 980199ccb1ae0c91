import { expect, test, vi } from 'vitest'
import { question, useModelStage } from '../models/model.testing.ts'

const stage = useModelStage()

const events = `subscription ($input: AskInput!) { askStream(input: $input) {
  __typename ... on AnswerPlace { place } ... on AnswerToken { text } ... on Answer { mode } } }`

interface Event {
  askStream: { __typename: string; place?: number; mode?: string }
}

async function occupy(organizationId: string) {
  const { queue } = stage.platform.models
  const { capacity } = await queue.state()
  return queue.acquire({ organizationId, task: 'x', model: 'x', weight: capacity, priority: 'interactive' })
}

test('a question that waits for a model is told its place as it changes, and who joins it the last one', async () => {
  const input = { question, requestId: 'req_place' }
  const blocker = await occupy('org_other')
  const next = occupy('org_another')
  await vi.waitFor(async () => expect((await stage.platform.models.queue.state()).waiting).toBe(1), 5_000)
  const stream = await stage.client.subscribe<Event>(stage.viewer, events, { input })
  expect((await stream.next()).data.askStream).toEqual({ __typename: 'AnswerPlace', place: 2 })
  await blocker.release()
  expect((await stream.next()).data.askStream).toEqual({ __typename: 'AnswerPlace', place: 1 })
  const joined = await stage.client.subscribe<Event>(stage.viewer, events, { input })
  expect((await joined.next()).data.askStream).toEqual({ __typename: 'AnswerPlace', place: 1 })
  await (await next).release()
  for (const one of [stream, joined]) {
    const seen: Event['askStream'][] = []
    do seen.push((await one.next()).data.askStream)
    while (seen.at(-1)?.__typename === 'AnswerToken')
    expect(seen.at(-1)).toMatchObject({ __typename: 'Answer', mode: 'GENERATIVE' })
    await one.end()
  }
})

test('a question whose call is cancelled in the queue is answered from the papers themselves', async () => {
  const blocker = await occupy('org_other')
  const stream = await stage.client.subscribe<Event>(stage.viewer, events, { input: { question } })
  expect((await stream.next()).data.askStream).toMatchObject({ place: 1 })
  const [call] = (await stage.platform.models.queue.state()).waitingCalls
  expect(await stage.platform.models.queue.cancel(call!.id, stage.viewer.organizationId)).toBe(true)
  const seen: Event['askStream'][] = []
  do seen.push((await stream.next()).data.askStream)
  while (seen.at(-1)?.__typename === 'AnswerToken')
  expect(seen.at(-1)).toMatchObject({ __typename: 'Answer', mode: 'EXTRACTIVE' })
  await stream.end()
  await blocker.release()
  expect(await stage.jobs()).toMatchObject([{ task: 'ask', outcome: 'cancelled' }])
})
