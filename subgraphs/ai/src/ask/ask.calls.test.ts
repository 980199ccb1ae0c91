import { newId } from '@passerelle/platform/ids'
import type { ModelCall } from '@passerelle/platform/models'
import { publishModelCall } from '@passerelle/platform/models/facts'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestClient, createTestViewer } from '@passerelle/platform/subgraph/testing'
import { expect, test, vi } from 'vitest'
import { ai } from '../index.ts'
import { question, useModelStage, written } from '../models/model.testing.ts'
import { ask, listen, listenToEnd, tokensOf } from '../stage.testing.ts'

const stage = useModelStage()

test('a model that fails before its first word leaves the answer to the sources', async () => {
  stage.server.faults.push({ status: 400, error: 'no' })
  expect(await ask(stage, stage.viewer, { question })).toMatchObject({
    mode: 'EXTRACTIVE',
    text: 'Total TTC 648,00 €',
    model: null,
  })
  await vi.waitFor(async () =>
    expect(await stage.jobs()).toMatchObject([{ outcome: 'failed', prompt: 'answer-from-passages@2' }]),
  )
})

test('a model that fails midway ends the stream with an outage, and what it wrote is recorded', async () => {
  stage.server.faults.push('drop')
  const events = await listenToEnd(stage, stage.viewer, { question, requestId: 'midway' })
  expect(tokensOf(events)).toBe('Le')
  expect(events.at(-1)).toMatchObject({ __typename: 'EngineUnavailable', engine: 'models' })
  expect(await stage.jobs()).toMatchObject([
    { outcome: 'failed', output: 'Le ', input: expect.stringContaining(question) },
  ])
  expect(await ask(stage, stage.viewer, { question, requestId: 'midway' })).toMatchObject({
    mode: 'GENERATIVE',
    text: written.join(' '),
  })
})

test('a call is recorded with its prompt, what was asked and what was answered, also when the fact of it comes again', async () => {
  await ask(stage, stage.viewer, { question })
  const work = await ai.work?.(stage.platform)
  const [job] = await stage.jobs()
  expect(job).toMatchObject({
    task: 'ask',
    model: 'mistral-small:latest',
    prompt: 'answer-from-passages@2',
    input: expect.stringContaining('648,00'),
    output: expect.stringContaining('Le total TTC'),
    outcome: 'done',
    user_id: stage.viewer.userId,
  })
  await publishModelCall(stage.platform.sql, embedding(stage.viewer))
  await vi.waitFor(async () => expect(await stage.jobs()).toHaveLength(2), { timeout: 10_000 })
  await work?.stop()
  expect(await stage.jobs()).toMatchObject([job, { task: 'embed chunks', input: null, output: null }])
})

test('a question goes before what only works through a list', async () => {
  const { queue } = stage.platform.models
  const { capacity } = await queue.state()
  const request = { organizationId: 'org_other', task: 'embed chunks', model: 'bge-m3:latest', weight: capacity }
  const held = await queue.acquire({ ...request, priority: 'batch' })
  let listWorks = false
  const list = queue.acquire({ ...request, priority: 'batch' }).then((lease) => {
    listWorks = true
    return lease
  })
  const stream = await listen(stage, stage.viewer, { question })
  await vi.waitFor(async () => expect(await queue.state()).toMatchObject({ waiting: 2 }))
  stage.server.faults.push({ msPerWord: 10 })
  await held.release()
  await stream.next()
  expect(listWorks).toBe(false)
  await stream.end()
  await (await list).release()
})

test('a question waits as an interactive call, and shows in the queue to its own organisation only', async () => {
  stage.server.faults.push({ msPerWord: 30 })
  const stream = await listen(stage, stage.viewer, { question })
  await stream.next()
  const text = '{ inferenceQueue { busy used capacity waiting running { task model weight } } }'
  const { data } = await stage.client.ask<{ inferenceQueue: { running: unknown[]; used: number } }>(stage.viewer, text)
  expect(data.inferenceQueue).toMatchObject({
    used: 4_000,
    running: [{ task: 'ask', model: 'mistral-small:latest', weight: 4_000 }],
  })
  const other = await stage.client.ask<{ inferenceQueue: { running: unknown[]; used: number } }>(
    createTestViewer(),
    text,
  )
  expect(other.data.inferenceQueue).toMatchObject({ used: 4_000, running: [] })
  await stream.end()
})

test('a model that nobody listens to any more is stopped after a while, and that is recorded', async () => {
  const later = globalThis.setTimeout
  const soon = (act: () => void, ms?: number) => later(act, ms === 20_000 ? 1 : ms)
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(soon as typeof setTimeout)
  stage.server.faults.push('stall')
  const stream = await listen(stage, stage.viewer, { question })
  await stream.next()
  expect(stage.server.abandoned).toBe(0)
  await stream.end()
  await vi.waitFor(async () => expect(await stage.jobs()).toMatchObject([{ outcome: 'cancelled', output: 'Le ' }]), {
    timeout: 5_000,
  })
  expect(stage.server.abandoned).toBe(1)
  vi.restoreAllMocks()
})
test('two calls of one request are one question, also after it was answered and after a restart', async () => {
  stage.server.faults.push({ msPerWord: 5 })
  const input = { question, requestId: 'twice' }
  const [first, second, streamed] = await Promise.all([
    ask(stage, stage.viewer, input),
    ask(stage, stage.viewer, input),
    listenToEnd(stage, stage.viewer, input),
  ])
  expect(second).toEqual(first)
  expect(streamed.at(-1)).toEqual(first)
  expect(tokensOf(streamed)).toBe(first.text)
  expect(await ask(stage, stage.viewer, input)).toEqual(first)
  vi.resetModules()
  const restarted = await import('../index.ts')
  const client = createTestClient(stage.platform, restarted.ai)
  const again = await listenToEnd({ ...stage, client }, stage.viewer, input)
  expect(again.at(-1)).toEqual(first)
  expect(tokensOf(again)).toBe(first.text)
  expect(stage.prompts()).toHaveLength(1)
})

test('who joins while the model writes hears the words that were already written', async () => {
  stage.server.faults.push({ msPerWord: 20 })
  const input = { question, requestId: 'late' }
  const first = await listen(stage, stage.viewer, input)
  const begun = [await first.next(), await first.next()]
  const late = await listenToEnd(stage, stage.viewer, input)
  expect(late.slice(0, 2)).toEqual(begun)
  await first.end()
  expect(stage.prompts()).toHaveLength(1)
})

/** A call of another room, of which only the fact is told. */
function embedding({ organizationId }: Viewer): ModelCall {
  return {
    id: newId('job'),
    organizationId,
    userId: null,
    task: 'embed chunks',
    kind: 'embed',
    provider: 'ollama',
    model: 'bge-m3:latest',
    digest: null,
    prompt: null,
    input: null,
    output: null,
    inputTokens: 12,
    outputTokens: null,
    waitedMs: 0,
    durationMs: 5,
    gpuMs: 5,
    outcome: 'done',
    error: null,
    startedAt: new Date(),
  }
}
