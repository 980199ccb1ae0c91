import { describe, expect, it } from 'vitest'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import { CAPACITY, query, question, read, useStage } from './stage.testing.ts'
import type { ModelCall } from './models.ts'
import { chatModel, embeddingModel } from './testing.ts'

const stage = useStage()

describe('an answer', () => {
  it('comes in tokens and ends with its record, which is also what the listener hears', async () => {
    const events = await Array.fromAsync(stage.models.complete(question()))
    const end = events.at(-1)
    expect(events.filter((event) => event.type === 'token').map((event) => event.text)).toEqual([
      'You ',
      'said: ',
      'one ',
      'two ',
      'three ',
      'four',
    ])
    expect(end).toEqual({ type: 'end', text: 'You said: one two three four', call: stage.calls[0] })
    expect(stage.calls).toEqual([
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
        gpuMs: expect.any(Number),
        outcome: 'done',
        error: null,
        startedAt: expect.any(Date),
      },
    ])
  })

  it('is of the model that is named, and refused for one that is not there or does not write', async () => {
    const other = { ...chatModel, name: 'qwen3:8b', digest: 'd'.repeat(64) }
    stage.server.models = [...stage.server.models, other]
    await stage.reopen()
    await read(stage.models.complete(question({ model: other.name })))
    expect(stage.calls).toMatchObject([{ model: other.name }])
    for (const model of ['nobody', embeddingModel.name])
      await expect(read(stage.models.complete(question({ model })))).rejects.toBeInstanceOf(InvalidInput)
  })

  it('holds a lease of the size of its model while it is made', async () => {
    stage.server.faults.push({ msPerWord: 20 })
    for await (const event of stage.models.complete(question())) {
      if (event.type === 'end') continue
      expect(await stage.models.queue.state()).toMatchObject({
        used: 4_000,
        running: [{ organizationId: 'org_a', task: 'ask', model: chatModel.name, weight: 4_000 }],
      })
      break
    }
    expect(await stage.models.queue.state()).toMatchObject({ used: 0 })
  })

  it('takes the whole card for a model that is larger than it', async () => {
    stage.server.models = [{ ...chatModel, digest: 'c'.repeat(64), size: 40_000 * 2 ** 20 }]
    await stage.reopen()
    stage.server.faults.push({ msPerWord: 20 })
    const events = stage.models.complete(question())[Symbol.asyncIterator]()
    await events.next()
    expect(await stage.models.queue.state()).toMatchObject({ used: CAPACITY })
    await events.return?.()
  })

  it('gives the card back when the model is done, however slowly it is read', async () => {
    const events = stage.models.complete(question())[Symbol.asyncIterator]()
    expect(await events.next()).toMatchObject({ value: { text: 'You ' } })
    await expect.poll(async () => (await stage.models.queue.state()).used).toBe(0)
    expect(await events.next()).toMatchObject({ value: { text: 'said: ' } })
    await events.return?.()
    expect(stage.calls).toMatchObject([{ outcome: 'done' }])
  })

  it('stops at the server, frees the card and is recorded as far as it came when it is cancelled', async () => {
    stage.server.faults.push({ msPerWord: 50 })
    const controller = new AbortController()
    const reading = async () => {
      for await (const _ of stage.models.complete(question({ signal: controller.signal })))
        controller.abort(new Error('Withdrawn.'))
    }
    await expect(reading()).rejects.toThrow('Withdrawn.')
    await expect.poll(() => stage.server.abandoned).toBe(1)
    expect(await stage.models.queue.state()).toMatchObject({ used: 0, waiting: 0 })
    // The server says what it has read and written at the end alone, which this call never came to: it is no present.
    const counted = { inputTokens: expect.any(Number), outputTokens: 1 }
    expect(stage.calls).toMatchObject([{ outcome: 'cancelled', output: 'You ', error: null, ...counted }])
  })

  it('leaves the queue when it is cancelled while it waits, and never reaches the server', async () => {
    const lease = await stage.models.queue.acquire({
      organizationId: 'org_b',
      task: 'x',
      model: 'x',
      weight: CAPACITY,
      priority: 'interactive',
    })
    const controller = new AbortController()
    const places: number[] = []
    const answer = read(
      stage.models.complete(question({ signal: controller.signal, onPlace: (place) => void places.push(place) })),
    )
    answer.catch(() => undefined)
    await expect.poll(() => places).toEqual([1])
    controller.abort(new Error('Withdrawn.'))
    await expect(answer).rejects.toThrow('Withdrawn.')
    await lease.release()
    expect(await stage.models.queue.state()).toMatchObject({ used: 0, waiting: 0 })
    expect(stage.sent('/api/chat')).toEqual([])
    expect(stage.calls).toMatchObject([{ outcome: 'cancelled', output: null }])
  })

  it('asks for a context that holds the prompt, and refuses a prompt that no context of the model holds', async () => {
    await read(stage.models.complete(question()))
    await read(stage.models.complete(question({ messages: [{ role: 'user', content: 'mot '.repeat(5_000) }] })))
    expect(stage.sent('/api/chat').map(({ body }) => (body.options as { num_ctx: number }).num_ctx)).toEqual([
      4_096, 16_384,
    ])
    const long = question({ messages: [{ role: 'user', content: 'mot '.repeat(30_000) }] })
    await expect(read(stage.models.complete(long))).rejects.toBeInstanceOf(InvalidInput)
    expect(stage.sent('/api/chat')).toHaveLength(2)
  })

  it('is ended and recorded when the house closes', async () => {
    stage.server.faults.push('silence')
    const answer = read(stage.models.complete(question())).catch((error: unknown) => error)
    await expect.poll(() => stage.sent('/api/chat').length).toBe(1)
    await stage.models.close()
    expect(stage.calls).toMatchObject([{ outcome: 'cancelled' }])
    expect(await answer).toBeInstanceOf(EngineUnavailable)
    await expect.poll(() => stage.server.open).toBe(0)
  })

  it('keeps the record of a call when what keeps it is back, and nobody waits for that', async () => {
    const told: ModelCall[] = []
    let away = true
    await stage.reopen({
      onCall: (call) => (away ? Promise.reject(new EngineUnavailable('sql')) : void told.push(call)),
    })
    await read(stage.models.complete(question()))
    expect(told).toEqual([])
    away = false
    await expect.poll(() => told, { timeout: 30_000 }).toMatchObject([{ outcome: 'done' }])
  })

  it('comes even when its record cannot be kept', async () => {
    await stage.reopen({ onCall: () => Promise.reject(new Error('The database is away.')) })
    expect(await read(stage.models.complete(question()))).toBe('You said: one two three four')
  })

  it('tells a model that can think not to, and no other', async () => {
    await read(stage.models.complete(question()))
    stage.server.models = [{ ...chatModel, digest: 'd'.repeat(64), capabilities: ['completion', 'thinking'] }]
    await stage.reopen()
    await read(stage.models.complete(question()))
    expect(stage.sent('/api/chat').map(({ body }) => body.think)).toEqual([undefined, false])
  })
})

describe('a server that fails', () => {
  it('is asked again as long as nothing of an answer has come', async () => {
    stage.server.faults.push({ status: 503, error: 'server busy' }, 'hang up')
    expect(await read(stage.models.complete(question()))).toBe('You said: one two three four')
    stage.server.faults.push({ status: 500, error: 'runner crashed' })
    expect((await stage.models.embed(query('colis'))).vectors).toHaveLength(1)
    expect(stage.calls.map((call) => call.outcome)).toEqual(['done', 'done'])
  })

  it('is not asked again once an answer has begun', async () => {
    stage.server.faults.push('drop')
    let text = ''
    const reading = async () => {
      for await (const event of stage.models.complete(question())) if (event.type === 'token') text += event.text
    }
    await expect(reading()).rejects.toBeInstanceOf(EngineUnavailable)
    expect(text).toBe('You ')
    expect(stage.sent('/api/chat')).toHaveLength(1)
    expect(stage.calls).toMatchObject([{ outcome: 'failed', output: 'You ', error: expect.any(String) }])
    expect(await stage.models.queue.state()).toMatchObject({ used: 0 })
  })

  it('tells its caller the record too, with what was asked and what came of an answer', async () => {
    stage.server.faults.push('drop')
    const told: ModelCall[] = []
    const onCall = (call: ModelCall) => void told.push(call)
    await expect(read(stage.models.complete(question({ onCall })))).rejects.toBeInstanceOf(EngineUnavailable)
    await read(stage.models.complete(question({ onCall })))
    expect(told).toEqual(stage.calls)
    expect(told).toMatchObject([
      { outcome: 'failed', output: 'You ', input: expect.stringContaining('one two three four') },
      { outcome: 'done' },
    ])
  })

  it('is not asked again for what it refuses', async () => {
    stage.server.faults.push({ status: 400, error: 'does not support chat' })
    await expect(read(stage.models.complete(question()))).rejects.toMatchObject({
      cause: { kind: 'refused', message: '400: does not support chat' },
    })
    expect(stage.sent('/api/chat')).toHaveLength(1)
  })

  it('is left alone after three failures in a row, and nothing of it is offered meanwhile', async () => {
    for (let call = 0; call < 3; call++) {
      expect((await stage.models.capabilities('org_a')).chat).toBe(chatModel.name)
      stage.server.faults.push('drop')
      await expect(read(stage.models.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    }
    expect(await stage.models.capabilities('org_a')).toMatchObject({ chat: null, embedding: null })
    await expect(stage.models.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(stage.models.embed(query('x'))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(stage.sent('/api/embed')).toEqual([])
  })
})
