import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InvalidInput } from '../schema/refusals.ts'
import { createOpenAI, type OpenAIOptions } from './openai.ts'
import { toOpenAIModel } from './openai-models.ts'
import type { ChatPart, ProviderModel } from './provider.ts'
import { openOpenAIServer, type OpenAIServer } from './testing.ts'

let server: OpenAIServer

beforeEach(async () => {
  server = await openOpenAIServer()
})
afterEach(() => server.close())

const never = () => new AbortController().signal
const open = (options: Partial<OpenAIOptions> = {}) =>
  createOpenAI({ url: server.url, timeouts: { firstToken: 1_000, idle: 1_000 }, ...options })

async function ask(provider: ReturnType<typeof open>, model: Partial<ProviderModel> = {}, content = 'un deux') {
  const [listed] = await provider.list(never())
  const call = {
    model: { ...listed!, ...model },
    messages: [{ role: 'user' as const, content }],
    temperature: 0.1,
    maxTokens: 50,
  }
  const parts: ChatPart[] = []
  for await (const part of provider.chat(call, never())) parts.push(part)
  return parts.map((part) => (part.type === 'token' ? part.text : '')).join('')
}

describe('a server that speaks OpenAI', () => {
  it('is asked with its key, and refuses another', async () => {
    server.apiKey = 'sk-right'
    expect(await ask(open({ apiKey: 'sk-right' }))).toBe('You said: un deux')
    await expect(open({ apiKey: 'sk-wrong' }).list(never())).rejects.toMatchObject({ kind: 'refused', status: 401 })
  })

  it('is found with and without /v1, and believed to have the named models when it lists none', async () => {
    server.models = null
    const listed = await open({ url: `${server.url}/v1/`, chatModel: 'tgi', embeddingModel: 'bge' }).list(never())
    expect(listed.map(({ name, skills }) => [name, skills])).toEqual([
      ['tgi', ['chat']],
      ['bge', ['embedding']],
    ])
    expect(await open().list(never())).toEqual([])
  })

  it('says when it may be asked again', async () => {
    server.faults.push({ status: 429, error: 'Rate limit reached', retryAfter: 7 })
    await expect(ask(open())).rejects.toMatchObject({ kind: 'failing', status: 429, retryAfterMs: 7_000 })
  })

  it('is asked in the words that its model takes, which are remembered', async () => {
    server.refuses = ['max_tokens', 'temperature', 'stream_options']
    const provider = open()
    expect(await ask(provider)).toBe('You said: un deux')
    expect(await ask(provider)).toBe('You said: un deux')
    expect(server.requests).toHaveLength(5)
    expect(server.requests.at(-1)?.body).toMatchObject({ max_completion_tokens: 50, stream: true })
    expect(server.requests.at(-1)?.body).not.toHaveProperty('temperature')
  })

  it('must end its stream, and answer with one', async () => {
    server.faults.push('cut short')
    await expect(ask(open())).rejects.toMatchObject({ kind: 'broken' })
    server.faults.push({ body: 'data: {"choices": nonsense\n\n' })
    await expect(ask(open())).rejects.toMatchObject({ kind: 'broken' })
  })

  it('cannot send what is asked on to another host', async () => {
    const other = await openOpenAIServer()
    server.faults.push({ redirect: `${other.url}/v1/chat/completions` })
    await expect(ask(open())).rejects.toMatchObject({ kind: 'unreachable' })
    expect(other.requests).toEqual([])
    await other.close()
  })

  it('is not sent what it does not read, whether it told before or says so now', async () => {
    await expect(ask(open(), { contextLength: 100 }, 'mot '.repeat(200))).rejects.toBeInstanceOf(InvalidInput)
    expect(server.requests).toEqual([])
    server.faults.push({ status: 400, error: "This model's maximum context length is 4096 tokens." })
    await expect(ask(open(), { contextLength: null })).rejects.toBeInstanceOf(InvalidInput)
  })

  it('must give as many vectors as there are texts', async () => {
    const provider = open()
    const model = (await provider.list(never())).find(({ skills }) => skills.includes('embedding'))!
    server.faults.push({ body: '{"data":[{"index":0,"embedding":[1,2]}]}' })
    const call = { model, texts: ['a', 'b'], purpose: 'passage' as const }
    await expect(provider.embed(call, never())).rejects.toMatchObject({ kind: 'broken' })
  })
})

describe('what a listed model can do', () => {
  it.each([
    ['gpt-4.1-mini', ['chat']],
    ['mistralai/Mistral-Small-3.2-24B-Instruct', ['chat']],
    ['text-embedding-3-large', ['embedding']],
    ['BAAI/bge-m3', ['embedding']],
    ['intfloat/multilingual-e5-large', ['embedding']],
    ['whisper-1', []],
    ['gpt-4o-realtime-preview', []],
    ['dall-e-3', []],
    ['BAAI/bge-reranker-v2-m3', []],
  ] as const)('of %s is %s', (id, skills) => expect(toOpenAIModel({ id }, 1).skills).toEqual(skills))
})
