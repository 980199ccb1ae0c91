import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CallCancelled } from '../coordination/coordination.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { ModelPolicy, Route } from './policy.ts'
import type { ModelsOptions } from './router.ts'
import { CAPACITY, query, question, read, useStage } from './stage.testing.ts'
import { chatModel, embeddingModel, openOpenAIServer, openSpeechServer, type OpenAIServer } from './testing.ts'

const stage = useStage()
const qwen = 'Qwen/Qwen3-8B'
const small = 'openai/text-embedding-3-small'

let second: OpenAIServer
/** Who allows what, and wants which model. */
let allowed: Set<string>
let routes: Map<string, Route>
let asked: string[]

const policy: ModelPolicy = {
  async allows(organizationId, { name, host }) {
    asked.push(`${organizationId} ${name} ${host}`)
    return allowed.has(organizationId)
  },
  route: async (organizationId, { kind, task }) =>
    routes.get(`${organizationId} ${task}`) ?? routes.get(`${organizationId} ${kind}`) ?? null,
}

const openWith = (options: Partial<ModelsOptions> = {}, outside = false) =>
  stage.reopen({ openai: { url: second.url, outside, timeouts: { firstToken: 2_000 } }, policy, ...options })

beforeEach(async () => {
  second = await openOpenAIServer()
  allowed = new Set()
  routes = new Map()
  asked = []
})
afterEach(() => second.close())

const modelsAsked = () => stage.calls.map(({ provider, model, outcome }) => `${provider} ${model} ${outcome}`)

describe('a chain of servers', () => {
  it('asks the first one that answers, in the order that was set', async () => {
    await openWith()
    await read(stage.models.complete(question()))
    await openWith({ order: ['openai'] })
    await read(stage.models.complete(question()))
    expect(modelsAsked()).toEqual([`ollama ${chatModel.name} done`, `openai ${qwen} done`])
    expect(stage.models.servers().map(({ name }) => name)).toEqual(['openai', 'ollama'])
  })

  it.each([
    ['fails', { status: 500, error: 'no runner' }],
    ['refuses', { status: 400, error: 'does not support chat' }],
  ] as const)('goes on to the next when one %s before its first word, and records both', async (_what, fault) => {
    await openWith()
    stage.server.faults.push(fault, fault, fault)
    expect(await read(stage.models.complete(question()))).toBe('You said: one two three four')
    expect(modelsAsked()).toEqual([`ollama ${chatModel.name} failed`, `openai ${qwen} done`])
    expect(await stage.models.queue.state()).toMatchObject({ used: 0, waiting: 0 })
  })

  it('does not begin anew once a word was said', async () => {
    await openWith()
    stage.server.faults.push('drop')
    await expect(read(stage.models.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(second.requests).toEqual([])
  })

  it('leaves alone a server that keeps failing, and serves everybody by the next', async () => {
    await openWith()
    for (let call = 0; call < 3; call++) {
      stage.server.faults.push('drop')
      await expect(read(stage.models.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    }
    expect((await stage.models.capabilities('org_a')).chat).toBe(qwen)
    expect(await stage.models.health()).toBeUndefined()
    await read(stage.models.complete(question()))
    expect(stage.sent('/api/chat')).toHaveLength(3)
  })

  it('does not step in for a call that was cancelled', async () => {
    await openWith()
    stage.server.faults.push('silence')
    const answer = read(stage.models.complete(question())).catch((error: unknown) => error)
    await expect
      .poll(() => stage.server.requests.some(({ path }) => path === '/api/chat'), { timeout: 5000 })
      .toBe(true)
    const [running] = (await stage.models.queue.state()).running
    expect(await stage.models.queue.cancel(running!.id, 'org_a')).toBe(true)
    expect(await answer).toBeInstanceOf(CallCancelled)
    expect(modelsAsked()).toEqual([`ollama ${chatModel.name} cancelled`])
    await expect.poll(() => stage.server.open).toBe(0)
  })

  it('is told why a call ended that was cancelled in the pause before it is asked again', async () => {
    await openWith()
    stage.server.faults.push(
      { status: 503, error: 'busy' },
      { status: 503, error: 'busy' },
      { status: 503, error: 'busy' },
    )
    const answer = read(stage.models.complete(question())).catch((error: unknown) => error)
    await expect.poll(() => stage.sent('/api/chat').length, { timeout: 5000, interval: 5 }).toBe(2)
    await expect.poll(() => stage.server.open, { timeout: 5000, interval: 5 }).toBe(0)
    const [running] = (await stage.models.queue.state()).running
    await stage.models.queue.cancel(running!.id, 'org_a')
    expect(await answer).toBeInstanceOf(CallCancelled)
    expect(modelsAsked()).toEqual([`ollama ${chatModel.name} cancelled`])
  })

  it('is there when only a server of the second kind is', async () => {
    await openWith({ ollamaUrl: undefined })
    expect(await stage.models.capabilities('org_a')).toEqual({ chat: qwen, embedding: small, speech: null })
    expect((await stage.models.embed(query('colis'))).model).toBe(small)
  })
})

describe('vectors', () => {
  it('are made by one model alone: while it does not answer nobody steps in', async () => {
    await openWith()
    expect((await stage.models.embed(query('colis'))).model).toBe(embeddingModel.name)
    await stage.server.close()
    await expect.poll(async () => (await stage.models.capabilities('org_a')).chat).toBe(qwen)
    expect((await stage.models.capabilities('org_a')).embedding).toBeNull()
    await expect(stage.models.embed(query('autre'))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(second.requests).toEqual([])
  })

  it('are waited for when the server did not answer yet, or the model that was named is not there yet', async () => {
    await stage.server.close()
    await openWith()
    expect((await stage.models.capabilities('org_a')).embedding).toBeNull()
    await openWith({ ollamaUrl: undefined, openai: { url: second.url, embeddingModel: 'not-yet' } })
    expect((await stage.models.capabilities('org_a')).embedding).toBeNull()
  })

  it('are made by the next server when the first has no such model', async () => {
    stage.server.models = [chatModel]
    await openWith()
    expect((await stage.models.embed(query('colis'))).model).toBe(small)
  })
})

describe('a server outside the house', () => {
  it('is not told a word of an organisation that has not allowed it', async () => {
    await openWith({ ollamaUrl: undefined }, true)
    expect(await stage.models.capabilities('org_a')).toEqual({ chat: null, embedding: null, speech: null })
    await expect(read(stage.models.complete(question()))).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(read(stage.models.complete(question({ model: qwen })))).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(stage.models.embed(query('colis'))).rejects.toBeInstanceOf(EngineUnavailable)
    expect(second.requests).toEqual([])
    expect(stage.models.configured()).toBe(true)
    expect(await stage.models.configuredFor('org_a')).toBe(false)
    expect(await stage.models.configuredFor('org_a', 'speech')).toBe(false)
    expect(stage.models.servers()).toMatchObject([{ name: 'openai', outside: true, answers: true }])
  })

  it('is asked for those who allow it, and for nobody else', async () => {
    await openWith({ ollamaUrl: undefined }, true)
    allowed.add('org_a')
    expect(await stage.models.configuredFor('org_a')).toBe(true)
    expect((await stage.models.capabilities('org_a')).chat).toBe(qwen)
    expect((await stage.models.capabilities('org_b')).chat).toBeNull()
    await read(stage.models.complete(question()))
    await expect(read(stage.models.complete(question({ organizationId: 'org_b' })))).rejects.toBeInstanceOf(
      EngineUnavailable,
    )
    expect(second.requests).toHaveLength(1)
    expect(new Set(asked)).toEqual(new Set(['org_a', 'org_b'].map((id) => `${id} openai ${new URL(second.url).host}`)))
  })

  it('is left at once by who withdraws, also by calls that wait in the queue and between two batches', async () => {
    await openWith({ ollamaUrl: undefined }, true)
    allowed.add('org_a')
    const blocker = await stage.models.queue.acquire({
      organizationId: 'org_b',
      task: 'x',
      model: 'x',
      weight: CAPACITY,
      priority: 'interactive',
    })
    const answer = read(stage.models.complete(question())).catch((error: unknown) => error)
    await expect.poll(async () => (await stage.models.queue.state()).waiting).toBe(1)
    allowed.delete('org_a')
    stage.models.policyChanged('org_a')
    await blocker.release()
    expect(await answer).toBeInstanceOf(EngineUnavailable)
    expect(second.requests).toEqual([])

    allowed.add('org_a')
    stage.models.policyChanged('org_a')
    const texts = Array.from({ length: 70 }, (_, index) => `colis ${index}`)
    let releases = 0
    const embedding = stage.models.embed({
      ...query('x'),
      purpose: 'passage',
      texts,
      onPlace: () => void (releases += 1),
    })
    await expect.poll(() => second.requests.length, { timeout: 5000, interval: 1 }).toBeGreaterThan(0)
    allowed.delete('org_a')
    stage.models.policyChanged('org_a')
    await expect(embedding).rejects.toBeInstanceOf(EngineUnavailable)
    expect(second.requests.length).toBeLessThan(3)
  })

  it('is not asked while it cannot be read whether it is allowed', async () => {
    const failing = { ...policy, allows: () => Promise.reject(new EngineUnavailable('sql')) }
    await openWith({ ollamaUrl: undefined, policy: failing }, true)
    await expect(read(stage.models.complete(question()))).rejects.toMatchObject({ engine: 'sql' })
    expect(second.requests).toEqual([])
  })

  it('hears nothing either that is not allowed', async () => {
    const speech = await openSpeechServer()
    await stage.reopen({ speech: { url: speech.url, outside: true }, policy })
    expect((await stage.models.capabilities('org_a')).speech).toBeNull()
    allowed.add('org_b')
    expect((await stage.models.capabilities('org_b')).speech).toBe('Systran/faster-whisper-large-v3')
    await speech.close()
  })
})

describe('a route', () => {
  it('sends the calls of a task to the model of the organisation, and the others where they always go', async () => {
    routes.set('org_a ask', { provider: 'openai', model: qwen })
    await openWith()
    await read(stage.models.complete(question()))
    await read(stage.models.complete(question({ task: 'summary' })))
    await read(stage.models.complete(question({ organizationId: 'org_b' })))
    expect(modelsAsked()).toEqual([
      `openai ${qwen} done`,
      `ollama ${chatModel.name} done`,
      `ollama ${chatModel.name} done`,
    ])
  })

  it('leads to the usual model when the routed one is not there, fails, or is not allowed', async () => {
    routes.set('org_a ask', { provider: 'ollama', model: 'nobody' })
    await openWith()
    await read(stage.models.complete(question()))
    routes.set('org_a ask', { provider: 'openai', model: qwen })
    stage.models.policyChanged('org_a')
    second.faults.push({ status: 401, error: 'no' })
    await read(stage.models.complete(question()))
    await openWith({}, true)
    await read(stage.models.complete(question()))
    expect(modelsAsked()).toEqual([
      `ollama ${chatModel.name} done`,
      `openai ${qwen} failed`,
      `ollama ${chatModel.name} done`,
      `ollama ${chatModel.name} done`,
    ])
  })

  it('of vectors names the space that they lie in', async () => {
    routes.set('org_a embed', { provider: 'openai', model: 'text-embedding-3-small' })
    await openWith()
    expect((await stage.models.embed(query('colis'))).model).toBe(small)
    expect((await stage.models.capabilities('org_a')).embedding).toBe(small)
    expect((await stage.models.embed(query('colis', 'org_b'))).model).toBe(embeddingModel.name)
  })
})
