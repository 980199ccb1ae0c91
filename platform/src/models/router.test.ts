import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openSqliteCoordination } from '../coordination/sqlite.ts'
import type { Coordination } from '../coordination/coordination.ts'
import { createLog } from '../log/log.ts'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import type { CompletionEvent, CompletionRequest, ModelCall, Models } from './models.ts'
import { openModels, type ModelsOptions } from './router.ts'
import { chatModel, embeddingModel, openOllamaServer, type OllamaServer } from './testing.ts'

const log = createLog({ name: 'test', level: 'silent' })
const CAPACITY = 6_000

let folder: string
let coordination: Coordination
let server: OllamaServer
let models: Models
let calls: ModelCall[]

const open = async (options: Partial<ModelsOptions> = {}): Promise<Models> => {
  models = await openModels({
    coordination,
    ollamaUrl: server.url,
    capacityMiB: CAPACITY,
    onCall: (call) => void calls.push(call),
    log,
    checkEveryMs: 30,
    timeouts: { firstToken: 2_000, idle: 2_000, embed: 2_000, connect: 1_000 },
    ...options,
  })
  return models
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-models-'))
  coordination = await openSqliteCoordination({ folder, log })
  server = await openOllamaServer()
  calls = []
  await open()
})
afterEach(async () => {
  await models.close()
  await server.close()
  await coordination.close()
  await rm(folder, { recursive: true })
})

const question = (rest: Partial<CompletionRequest> = {}): CompletionRequest => ({
  organizationId: 'org_a',
  userId: 'usr_a',
  task: 'ask',
  priority: 'interactive',
  prompt: 'ask@1',
  messages: [{ role: 'user', content: 'one two three four' }],
  ...rest,
})
const passages = (texts: string[]) =>
  ({
    organizationId: 'org_a',
    userId: null,
    task: 'embed chunks',
    priority: 'batch',
    purpose: 'passage',
    texts,
  }) as const
const query = (text: string, organizationId = 'org_a') =>
  ({ organizationId, userId: null, task: 'search', priority: 'interactive', purpose: 'query', texts: [text] }) as const

async function read(events: AsyncIterable<CompletionEvent>): Promise<string> {
  let text = ''
  for await (const event of events) if (event.type === 'token') text += event.text
  return text
}

const sent = (path: string) => server.requests.filter((request) => request.path === path)

describe('models without a server', () => {
  it('have nothing to answer with, and say so before they are asked', async () => {
    const none = await openModels({ coordination, capacityMiB: CAPACITY, onCall: () => undefined, log })
    expect(none.capabilities()).toEqual({ chat: null, embedding: null })
    await expect(read(none.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(none.embed(query('colis'))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(await none.health()).toBeUndefined()
  })

  it('come when the server comes, and go when it goes', async () => {
    await server.close()
    await expect.poll(() => models.capabilities(), { timeout: 5000 }).toEqual({ chat: null, embedding: null })
    await expect(models.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(models.embed(query('colis'))).rejects.toBeInstanceOf(EngineUnavailable)
    server = await openOllamaServer({ port: Number(new URL(server.url).port) })
    await expect
      .poll(() => models.capabilities(), { timeout: 5000 })
      .toEqual({ chat: chatModel.name, embedding: embeddingModel.name })
    expect(await models.health()).toBeUndefined()
  })
})

describe('an answer', () => {
  it('comes in tokens and ends with its record, which is also what the listener hears', async () => {
    const events = await Array.fromAsync(models.complete(question()))
    const end = events.at(-1)
    expect(events.filter((event) => event.type === 'token').map((event) => event.text)).toEqual([
      'You ',
      'said: ',
      'one ',
      'two ',
      'three ',
      'four',
    ])
    expect(end).toEqual({ type: 'end', text: 'You said: one two three four', call: calls[0] })
    expect(calls).toEqual([
      {
        id: expect.stringMatching(/^job_/),
        organizationId: 'org_a',
        userId: 'usr_a',
        task: 'ask',
        kind: 'complete',
        provider: 'ollama',
        model: chatModel.name,
        digest: chatModel.digest,
        prompt: 'ask@1',
        input: JSON.stringify([{ role: 'user', content: 'one two three four' }]),
        output: 'You said: one two three four',
        inputTokens: 4,
        outputTokens: 6,
        waitedMs: expect.any(Number),
        durationMs: expect.any(Number),
        outcome: 'done',
        error: null,
        startedAt: expect.any(Date),
      },
    ])
  })

  it('holds a lease of the size of its model while it is made', async () => {
    server.faults.push({ msPerWord: 20 })
    for await (const event of models.complete(question())) {
      if (event.type === 'end') continue
      expect(await models.queue.state()).toMatchObject({
        used: 4_000,
        running: [{ organizationId: 'org_a', task: 'ask', model: chatModel.name, weight: 4_000 }],
      })
      break
    }
    expect(await models.queue.state()).toMatchObject({ used: 0 })
  })

  it('takes the whole card for a model that is larger than it', async () => {
    server.models = [{ ...chatModel, digest: 'c'.repeat(64), size: 40_000 * 2 ** 20 }]
    await models.close()
    await open()
    server.faults.push({ msPerWord: 20 })
    const events = models.complete(question())[Symbol.asyncIterator]()
    await events.next()
    expect(await models.queue.state()).toMatchObject({ used: CAPACITY })
    await events.return?.()
  })

  it('gives the card back when the model is done, however slowly it is read', async () => {
    const events = models.complete(question())[Symbol.asyncIterator]()
    expect(await events.next()).toMatchObject({ value: { text: 'You ' } })
    await expect.poll(async () => (await models.queue.state()).used, { timeout: 5000 }).toBe(0)
    expect(await events.next()).toMatchObject({ value: { text: 'said: ' } })
    await events.return?.()
    expect(calls).toMatchObject([{ outcome: 'done' }])
  })

  it('stops at the server, frees the card and is recorded as far as it came when it is cancelled', async () => {
    server.faults.push({ msPerWord: 50 })
    const controller = new AbortController()
    const reading = async () => {
      for await (const _ of models.complete(question({ signal: controller.signal })))
        controller.abort(new Error('Withdrawn.'))
    }
    await expect(reading()).rejects.toThrow('Withdrawn.')
    await expect.poll(() => server.abandoned, { timeout: 5000 }).toBe(1)
    expect(await models.queue.state()).toMatchObject({ used: 0, waiting: 0 })
    expect(calls).toMatchObject([{ outcome: 'cancelled', output: 'You ', error: null }])
  })

  it('leaves the queue when it is cancelled while it waits, and never reaches the server', async () => {
    const lease = await models.queue.acquire({
      organizationId: 'org_b',
      task: 'x',
      model: 'x',
      weight: CAPACITY,
      priority: 'interactive',
    })
    const controller = new AbortController()
    const places: number[] = []
    const answer = read(
      models.complete(question({ signal: controller.signal, onPlace: (place) => void places.push(place) })),
    )
    answer.catch(() => undefined)
    await expect.poll(() => places, { timeout: 5000 }).toEqual([1])
    controller.abort(new Error('Withdrawn.'))
    await expect(answer).rejects.toThrow('Withdrawn.')
    await lease.release()
    expect(await models.queue.state()).toMatchObject({ used: 0, waiting: 0 })
    expect(sent('/api/chat')).toEqual([])
    expect(calls).toMatchObject([{ outcome: 'cancelled', output: null }])
  })

  it('asks for a context that holds the prompt, and refuses a prompt that no context of the model holds', async () => {
    await read(models.complete(question()))
    await read(models.complete(question({ messages: [{ role: 'user', content: 'mot '.repeat(5_000) }] })))
    expect(sent('/api/chat').map(({ body }) => (body.options as { num_ctx: number }).num_ctx)).toEqual([4_096, 16_384])
    const long = question({ messages: [{ role: 'user', content: 'mot '.repeat(30_000) }] })
    await expect(read(models.complete(long))).rejects.toBeInstanceOf(InvalidInput)
    expect(sent('/api/chat')).toHaveLength(2)
  })

  it('comes even when its record cannot be kept', async () => {
    await models.close()
    await open({ onCall: () => Promise.reject(new Error('The database is away.')) })
    expect(await read(models.complete(question()))).toBe('You said: one two three four')
  })

  it('tells a model that can think not to, and no other', async () => {
    await read(models.complete(question()))
    await models.close()
    server.models = [{ ...chatModel, digest: 'd'.repeat(64), capabilities: ['completion', 'thinking'] }]
    await open()
    await read(models.complete(question()))
    expect(sent('/api/chat').map(({ body }) => body.think)).toEqual([undefined, false])
  })
})

describe('a server that fails', () => {
  it('is asked again as long as nothing of an answer has come', async () => {
    server.faults.push({ status: 503, error: 'server busy' }, 'hang up')
    expect(await read(models.complete(question()))).toBe('You said: one two three four')
    server.faults.push({ status: 500, error: 'runner crashed' })
    expect((await models.embed(passages(['a', 'b']))).vectors).toHaveLength(2)
    expect(calls.map((call) => call.outcome)).toEqual(['done', 'done'])
  })

  it('is not asked again once an answer has begun', async () => {
    server.faults.push('drop')
    let text = ''
    const reading = async () => {
      for await (const event of models.complete(question())) if (event.type === 'token') text += event.text
    }
    await expect(reading()).rejects.toBeInstanceOf(EngineUnavailable)
    expect(text).toBe('You ')
    expect(sent('/api/chat')).toHaveLength(1)
    expect(calls).toMatchObject([{ outcome: 'failed', output: 'You ', error: expect.any(String) }])
    expect(await models.queue.state()).toMatchObject({ used: 0 })
  })

  it('is not asked again for what it refuses', async () => {
    server.faults.push({ status: 400, error: 'does not support chat' })
    await expect(read(models.complete(question()))).rejects.toMatchObject({
      cause: { kind: 'refused', message: '400: does not support chat' },
    })
    expect(sent('/api/chat')).toHaveLength(1)
  })

  it('is left alone after three failures in a row, and nothing of it is offered meanwhile', async () => {
    for (let call = 0; call < 3; call++) {
      expect(models.capabilities().chat).toBe(chatModel.name)
      server.faults.push('drop')
      await expect(read(models.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    }
    expect(models.capabilities()).toEqual({ chat: null, embedding: null })
    await expect(models.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(models.embed(query('x'))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(sent('/api/embed')).toEqual([])
  })
})

describe('vectors', () => {
  it('come in the order of the texts, in batches, with one record', async () => {
    const texts = Array.from({ length: 70 }, (_, index) => `colis ${index}`)
    texts.push('colis 3')
    const { model, vectors } = await models.embed(passages(texts))
    expect(model).toBe(embeddingModel.name)
    expect(vectors).toHaveLength(71)
    expect(vectors[70]).toEqual(vectors[3])
    expect(vectors[69]).toEqual((await models.embed(passages(['colis 69']))).vectors[0])
    expect(sent('/api/embed').map(({ body }) => (body.input as string[]).length)).toEqual([32, 32, 6, 1])
    expect(calls).toMatchObject([
      { kind: 'embed', model: embeddingModel.name, input: null, output: null, outcome: 'done' },
      {},
    ])
  })

  it('let a question in between two batches', async () => {
    const blocker = await models.queue.acquire({
      organizationId: 'org_b',
      task: 'x',
      model: 'x',
      weight: CAPACITY,
      priority: 'interactive',
    })
    const batches = models.embed(passages(Array.from({ length: 64 }, (_, index) => `${index}`)))
    await expect.poll(async () => (await models.queue.state()).waiting, { timeout: 5000 }).toBe(1)
    const answer = read(models.complete(question()))
    await expect.poll(async () => (await models.queue.state()).waiting, { timeout: 5000 }).toBe(2)
    await blocker.release()
    await Promise.all([answer, batches])
    expect(server.requests.map(({ path }) => path).findLastIndex((path) => path === '/api/embed')).toBeGreaterThan(
      server.requests.map(({ path }) => path).indexOf('/api/chat'),
    )
  })

  it('of a question are remembered, for its organisation and model alone', async () => {
    const first = await models.embed(query('où est le colis ?'))
    expect(await models.embed(query('où est le colis ?'))).toEqual(first)
    expect(sent('/api/embed')).toHaveLength(1)
    await models.embed(query('où est le colis ?', 'org_b'))
    await models.embed(passages(['où est le colis ?']))
    expect(sent('/api/embed')).toHaveLength(3)
    await models.close()
    server.models = [{ ...embeddingModel, digest: 'e'.repeat(64) }]
    await open()
    await models.embed(query('où est le colis ?'))
    expect(sent('/api/embed')).toHaveLength(4)
  })

  it('of no texts are none, without a call', async () => {
    expect(await models.embed(passages([]))).toEqual({ model: embeddingModel.name, vectors: [] })
    expect(calls).toEqual([])
  })

  it('carry the words the model was trained with', async () => {
    server.models = [{ ...embeddingModel, name: 'nomic-embed-text:v1.5', digest: 'f'.repeat(64) }]
    await models.close()
    await open()
    await models.embed(query('colis'))
    await models.embed(passages(['colis']))
    expect(sent('/api/embed').map(({ body }) => body.input)).toEqual([
      ['search_query: colis'],
      ['search_document: colis'],
    ])
  })

  it('are waited for until the caller has had enough', async () => {
    server.faults.push('silence')
    const signal = AbortSignal.timeout(50)
    await expect(models.embed({ ...query('colis'), signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    await vi.waitFor(() => expect(server.open).toBe(0), 5000)
    expect(calls).toMatchObject([{ outcome: 'cancelled' }])
  })
})
