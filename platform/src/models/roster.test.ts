import { describe, expect, it, vi } from 'vitest'
import { createBreaker } from './breaker.ts'
import { createOllama } from './ollama.ts'
import type { ProviderModel } from './provider.ts'
import { chooseModel } from './roster.ts'
import { chatModel, openOllamaServer } from './testing.ts'

const model = (name: string, ...skills: ProviderModel['skills']): ProviderModel => ({
  name,
  skills,
  digest: null,
  sizeMiB: 1,
  contextLength: null,
  details: null,
})

describe('the choice of a model', () => {
  const models = [
    model('bge-m3:latest', 'embedding'),
    model('qwen3:8b', 'chat', 'thinking'),
    model('mistral:latest', 'chat'),
  ]

  it('is the first that can, when none is named', () => {
    expect(chooseModel(models, 'chat')?.name).toBe('qwen3:8b')
    expect(chooseModel(models, 'embedding')?.name).toBe('bge-m3:latest')
    expect(chooseModel([], 'chat')).toBeNull()
  })

  it('is the named one or none, with or without its tag', () => {
    expect(chooseModel(models, 'chat', 'mistral')?.name).toBe('mistral:latest')
    expect(chooseModel(models, 'chat', 'mistral:latest')?.name).toBe('mistral:latest')
    expect(chooseModel(models, 'chat', 'qwen3')).toBeNull()
    expect(chooseModel(models, 'chat', 'llama3')).toBeNull()
  })

  it('goes by names and families on a server that does not say what its models can do', async () => {
    const server = await openOllamaServer()
    const old = (name: string, family: string) => ({ ...chatModel, name, family, digest: name, capabilities: null })
    server.models = [
      old('nomic-embed-text:latest', 'nomic-bert'),
      old('paraphrase:latest', 'bert'),
      old('gemma2:2b', 'gemma2'),
    ]
    const listed = await createOllama({ url: server.url }).list(new AbortController().signal)
    expect(listed.map(({ skills }) => skills)).toEqual([['embedding'], ['embedding'], ['chat']])
    await server.close()
  })
})

describe('the breaker', () => {
  const breaker = (now: { at: number }) => {
    vi.spyOn(Date, 'now').mockImplementation(() => now.at)
    return createBreaker({ failures: 2, restMs: 1000 })
  }

  it('opens after failures in a row, tries one call after the rest, and closes when it succeeds', () => {
    const now = { at: 0 }
    const { enter, leave, isOpen } = breaker(now)
    for (const outcome of ['bad', 'good', 'bad', 'unknown', 'bad'] as const) {
      expect(enter()).toBe(true)
      leave(outcome)
    }
    expect(isOpen()).toBe(true)
    now.at = 999
    expect(enter()).toBe(false)
    now.at = 1000
    expect(enter()).toBe(true)
    expect(enter()).toBe(false)
    leave('bad')
    expect(isOpen()).toBe(true)
    now.at = 2000
    expect(enter()).toBe(true)
    leave('good')
    expect(isOpen()).toBe(false)
    expect(enter() && enter()).toBe(true)
    vi.restoreAllMocks()
  })
})
