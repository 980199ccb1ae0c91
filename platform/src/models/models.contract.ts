import { describeModelProvider } from './models.cases.ts'
import { createOllama } from './ollama.ts'
import { createOpenAI } from './openai.ts'
import { openOllamaServer, openOpenAIServer, type Fault } from './testing.ts'

const faults = {
  fails: { status: 500, error: 'llama runner process has terminated' },
  'hangs up': 'hang up',
  'is silent': 'silence',
  stalls: 'stall',
  drops: 'drop',
  'errs half-way': { inStream: 'an error was encountered while running the model' },
} as const satisfies Record<string, Fault>

describeModelProvider('an Ollama server', async () => {
  const server = await openOllamaServer()
  let stopped = false
  const stop = async () => {
    if (!stopped) await server.close()
    stopped = true
  }
  return {
    provider: createOllama({ url: server.url, timeouts: { firstToken: 500, idle: 500, embed: 500 } }),
    fault: (kind) => void server.faults.push(faults[kind]),
    slow: () => void server.faults.push({ msPerWord: 50 }),
    server: () => server,
    stop,
    close: stop,
  }
})

describeModelProvider('a server that speaks OpenAI', async () => {
  const server = await openOpenAIServer()
  let stopped = false
  const stop = async () => {
    if (!stopped) await server.close()
    stopped = true
  }
  return {
    provider: createOpenAI({ url: server.url, timeouts: { firstToken: 500, idle: 500, embed: 500 } }),
    fault: (kind) => void server.faults.push(faults[kind]),
    slow: () => void server.faults.push({ msPerWord: 50 }),
    server: () => server,
    stop,
    close: stop,
  }
})
