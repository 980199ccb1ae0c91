import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ModelFailure, type ChatPart, type ModelProvider, type ProviderModel } from './provider.ts'

/** A provider with one chat and one embedding model, on a server that can be made to fail. */
export interface ProviderStage {
  provider: ModelProvider
  /** Makes the next call fail this way. */
  fault(kind: 'fails' | 'hangs up' | 'is silent' | 'stalls' | 'drops' | 'errs half-way'): void
  /** Makes the next answer slow enough to be left in the middle. */
  slow(): void
  /** How many requests the server is answering, and how many were left before their end. */
  server(): { open: number; abandoned: number }
  stop(): Promise<void>
  close(): Promise<void>
}

/** What every provider of models does. */
export function describeModelProvider(name: string, prepare: () => Promise<ProviderStage>): void {
  describe(`models of ${name}`, () => {
    let stage: ProviderStage
    beforeEach(async () => {
      stage = await prepare()
    })
    afterEach(() => stage.close())
    describeAnswers(() => stage)
    describeFailures(() => stage)
    describeAborts(() => stage)
  })
}

const never = () => new AbortController().signal

async function find(stage: ProviderStage, skill: 'chat' | 'embedding'): Promise<ProviderModel> {
  const models = await stage.provider.list(never())
  const model = models.find(({ skills }) => skills.includes(skill))
  if (!model) throw new Error(`The stage has no ${skill} model.`)
  return model
}

async function chat(stage: ProviderStage, signal = never()): Promise<ChatPart[]> {
  const model = await find(stage, 'chat')
  const parts: ChatPart[] = []
  const call = {
    model,
    messages: [{ role: 'user' as const, content: 'Où est le colis 42 ?' }],
    temperature: 0,
    maxTokens: 100,
  }
  for await (const part of stage.provider.chat(call, signal)) parts.push(part)
  return parts
}

function describeAnswers(stage: () => ProviderStage): void {
  it('lists its models with what they can do and what they take', async () => {
    for (const model of [await find(stage(), 'chat'), await find(stage(), 'embedding')]) {
      expect(model.name).not.toBe('')
      expect(model.sizeMiB).toBeGreaterThan(0)
    }
  })

  it('streams an answer in pieces, then ends once with the measures', async () => {
    const parts = await chat(stage())
    const tokens = parts.filter((part) => part.type === 'token')
    expect(tokens.length).toBeGreaterThan(1)
    expect(tokens.map((part) => part.text).join('')).toContain('Où est le colis 42 ?')
    expect(parts.filter((part) => part.type === 'end')).toHaveLength(1)
    expect(parts.at(-1)).toMatchObject({
      type: 'end',
      inputTokens: expect.any(Number),
      outputTokens: expect.any(Number),
    })
  })

  it('gives one vector per text, in order, near one another when the texts are', async () => {
    const model = await find(stage(), 'embedding')
    const texts = ['le colis est livré', 'la facture est payée', 'le colis est livré ici']
    const { vectors } = await stage().provider.embed({ model, texts, purpose: 'passage' }, never())
    expect(vectors).toHaveLength(3)
    const dot = (left: number[] = [], right: number[] = []) =>
      left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
    expect(dot(vectors[0], vectors[2])).toBeGreaterThan(dot(vectors[0], vectors[1]))
    const again = await stage().provider.embed({ model, texts: texts.toReversed(), purpose: 'passage' }, never())
    expect(again.vectors).toEqual(vectors.toReversed())
  })

  it('refuses a model that is not there', async () => {
    const model = { ...(await find(stage(), 'embedding')), name: 'no-such-model' }
    await expect(stage().provider.embed({ model, texts: ['x'], purpose: 'query' }, never())).rejects.toMatchObject({
      kind: 'refused',
    })
  })
}

function describeFailures(stage: () => ProviderStage): void {
  it.each([
    ['fails', 'failing'],
    ['hangs up', 'unreachable'],
    ['is silent', 'slow'],
    ['stalls', 'slow'],
    ['drops', 'broken'],
    ['errs half-way', 'broken'],
  ] as const)('tells a server that %s as %s, and serves the next call', async (fault, kind) => {
    stage().fault(fault)
    const failure = await chat(stage()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ModelFailure)
    expect(failure).toMatchObject({ kind })
    await vi.waitFor(() => expect(stage().server().open).toBe(0), 5000)
    expect((await chat(stage())).at(-1)).toMatchObject({ type: 'end' })
  })

  it('tells a server that is not there as unreachable', async () => {
    const [chatModel, embeddingModel] = [await find(stage(), 'chat'), await find(stage(), 'embedding')]
    await stage().stop()
    const { provider } = stage()
    await expect(provider.list(never())).rejects.toMatchObject({ kind: 'unreachable' })
    await expect(
      provider.embed({ model: embeddingModel, texts: ['x'], purpose: 'query' }, never()),
    ).rejects.toMatchObject({ kind: 'unreachable' })
    const call = provider.chat(
      { model: chatModel, messages: [{ role: 'user', content: 'x' }], temperature: 0, maxTokens: 1 },
      never(),
    )
    await expect(call[Symbol.asyncIterator]().next()).rejects.toMatchObject({ kind: 'unreachable' })
  })
}

function describeAborts(stage: () => ProviderStage): void {
  it('ends the request at the server when the signal aborts, and throws its reason', async () => {
    const controller = new AbortController()
    const model = await find(stage(), 'chat')
    stage().slow()
    const call = {
      model,
      messages: [{ role: 'user' as const, content: 'a b c d e f g h' }],
      temperature: 0,
      maxTokens: 100,
    }
    const read = async () => {
      for await (const _ of stage().provider.chat(call, controller.signal))
        controller.abort(new Error('The reader left.'))
    }
    await expect(read()).rejects.toThrow('The reader left.')
    await vi.waitFor(() => expect(stage().server()).toMatchObject({ open: 0, abandoned: 1 }), 5000)
  })

  it('ends the request at the server when the reader leaves the loop', async () => {
    const model = await find(stage(), 'chat')
    stage().slow()
    const call = {
      model,
      messages: [{ role: 'user' as const, content: 'a b c d e f g h' }],
      temperature: 0,
      maxTokens: 100,
    }
    for await (const _ of stage().provider.chat(call, never())) break
    await vi.waitFor(() => expect(stage().server()).toMatchObject({ open: 0, abandoned: 1 }), 5000)
  })

  it('asks nothing under a signal that was aborted before', async () => {
    const gone = AbortSignal.abort(new Error('Too late.'))
    await expect(stage().provider.list(gone)).rejects.toThrow('Too late.')
  })
}
