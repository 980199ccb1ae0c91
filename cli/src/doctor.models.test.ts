import { openOllamaServer, openOpenAIServer, openSpeechServer } from '@passerelle/platform/models/testing'
import { expect, test } from 'vitest'
import { modelFindings } from './doctor.models.ts'
import { readEnv } from './env.ts'

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
    `answers at ${ollama.url}`,
    `✗ refuses us at ${openai.url}: set OPENAI_API_KEY`,
    `answers at ${speech.url}`,
  ])
  expect((await look({ ...urls, OPENAI_API_KEY: 'sk-right' }))[1]).toBe(`answers at ${openai.url}`)
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
