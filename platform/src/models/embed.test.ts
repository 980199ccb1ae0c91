import { describe, expect, it, vi } from 'vitest'
import { CAPACITY, query, question, read, useStage } from './stage.testing.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { chatModel, embeddingModel } from './testing.ts'

const stage = useStage()
const passages = (texts: string[]) =>
  ({
    organizationId: 'org_a',
    userId: null,
    task: 'embed chunks',
    priority: 'batch',
    purpose: 'passage',
    texts,
  }) as const

describe('vectors', () => {
  it('come in the order of the texts, in batches, with one record', async () => {
    const texts = Array.from({ length: 70 }, (_, index) => `colis ${index}`)
    texts.push('colis 3')
    const { model, vectors } = await stage.models.embed(passages(texts))
    expect(model).toBe(embeddingModel.name)
    expect(vectors).toHaveLength(71)
    expect(vectors[70]).toEqual(vectors[3])
    expect(vectors[69]).toEqual((await stage.models.embed(passages(['colis 69']))).vectors[0])
    expect(stage.sent('/api/embed').map(({ body }) => (body.input as string[]).length)).toEqual([32, 32, 6, 1])
    expect(stage.calls).toMatchObject([
      { kind: 'embed', model: embeddingModel.name, input: null, output: null, outcome: 'done' },
      {},
    ])
  })

  it('let a question in between two batches', async () => {
    const blocker = await stage.models.queue.acquire({
      organizationId: 'org_b',
      task: 'x',
      model: 'x',
      weight: CAPACITY,
      priority: 'interactive',
    })
    const batches = stage.models.embed(passages(Array.from({ length: 64 }, (_, index) => `${index}`)))
    await expect.poll(async () => (await stage.models.queue.state()).waiting).toBe(1)
    const answer = read(stage.models.complete(question()))
    await expect.poll(async () => (await stage.models.queue.state()).waiting).toBe(2)
    await blocker.release()
    await Promise.all([answer, batches])
    expect(
      stage.server.requests.map(({ path }) => path).findLastIndex((path) => path === '/api/embed'),
    ).toBeGreaterThan(stage.server.requests.map(({ path }) => path).indexOf('/api/chat'))
  })

  it('of a question are remembered, for its organisation and model alone', async () => {
    const first = await stage.models.embed(query('où est le colis ?'))
    expect(await stage.models.embed(query('où est le colis ?'))).toEqual(first)
    expect(stage.sent('/api/embed')).toHaveLength(1)
    await stage.models.embed(query('où est le colis ?', 'org_b'))
    await stage.models.embed(passages(['où est le colis ?']))
    expect(stage.sent('/api/embed')).toHaveLength(3)
    stage.server.models = [{ ...embeddingModel, digest: 'e'.repeat(64) }]
    await stage.reopen()
    await stage.models.embed(query('où est le colis ?'))
    expect(stage.sent('/api/embed')).toHaveLength(4)
  })

  it('of a question lie in the space of another model when that is asked for, and the model is there', async () => {
    const former = { ...embeddingModel, name: 'former-embed:latest', digest: 'c'.repeat(64) }
    stage.server.models = [embeddingModel, chatModel, former]
    await stage.reopen()
    const ask = (space: string) => stage.models.embed({ ...query('colis'), space })
    expect((await ask(former.name)).model).toBe(former.name)
    expect((await stage.models.embed(query('colis'))).model).toBe(embeddingModel.name)
    for (const space of ['gone-embed', chatModel.name, `ollama/${former.name}`])
      await expect(ask(space)).rejects.toThrow(EngineUnavailable)
  })

  it('of no texts are none, without a call', async () => {
    expect(await stage.models.embed(passages([]))).toEqual({ model: embeddingModel.name, vectors: [] })
    expect(stage.calls).toEqual([])
  })

  it('carry the words the model was trained with', async () => {
    stage.server.models = [{ ...embeddingModel, name: 'nomic-embed-text:v1.5', digest: 'f'.repeat(64) }]
    await stage.reopen()
    await stage.models.embed(query('colis'))
    await stage.models.embed(passages(['colis']))
    expect(stage.sent('/api/embed').map(({ body }) => body.input)).toEqual([
      ['search_query: colis'],
      ['search_document: colis'],
    ])
  })

  it('are waited for until the caller has had enough', async () => {
    stage.server.faults.push('silence')
    const signal = AbortSignal.timeout(50)
    await expect(stage.models.embed({ ...query('colis'), signal })).rejects.toMatchObject({ name: 'TimeoutError' })
    await vi.waitFor(() => expect(stage.server.open).toBe(0), 5000)
    expect(stage.calls).toMatchObject([{ outcome: 'cancelled' }])
  })
})
