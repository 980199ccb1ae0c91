import { openOllamaServer, openOpenAIServer, openSpeechServer } from '@passerelle/platform/models/testing'
import { expect, test } from 'vitest'
import { modelFindings } from './models.ts'
import { readEnv } from '../env/env.ts'

async function look(source: Record<string, string>): Promise<string[]> {
  const read = readEnv(source)
  if ('faults' in read) throw new Error(read.faults.join('\n'))
  return Promise.all(modelFindings(read.env).map(([, ask]) => ask().catch((error: Error) => `✗ ${error.message}`)))
}

test('says which servers of models answer, and what to mend of those that do not', async () => {
  const [ollama, openai, speech] = await Promise.all([openOllamaServer(), openOpenAIServer(), openSpeechServer()])
  openai.apiKey = 'sk-right'
  speech.models = null
  const urls = { OLLAMA_URL: ollama.url, OPENAI_URL: `${openai.url}/v1`, SPEECH_URL: speech.url }
  expect(await look(urls)).toEqual([
    `answers at ${ollama.url}: mistral-small:latest writes, bge-m3:latest makes vectors`,
    `✗ refuses us at ${openai.url}/v1: set OPENAI_API_KEY`,
    `answers at ${speech.url}: whisper-1 writes down`,
  ])
  expect((await look({ ...urls, OPENAI_API_KEY: 'sk-right' }))[1]).toMatch(/^answers at .*: \S+ writes, /)
  expect((await look({ ...urls, OLLAMA_CHAT_MODEL: 'llama9' }))[0]).toBe(
    `✗ answers at ${ollama.url}, but has no llama9: ollama pull llama9, or name another in OLLAMA_CHAT_MODEL`,
  )
  ollama.models = []
  expect((await look(urls))[0]).toBe(`✗ answers at ${ollama.url}, but has no model: ollama pull mistral-small`)
  await Promise.all([ollama.close(), openai.close(), speech.close()])
  expect(await look(urls)).toEqual([
    expect.stringContaining('is OLLAMA_URL right?'),
    expect.stringContaining('is OPENAI_URL right?'),
    expect.stringContaining('is SPEECH_URL right?'),
  ])
  expect(await look({})).toEqual([
    expect.stringMatching(/^not set \(OLLAMA_URL or OPENAI_URL/),
    expect.stringMatching(/^not set/),
    expect.stringMatching(/^not set/),
  ])
})
