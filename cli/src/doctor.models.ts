import type { Env } from './env.ts'

const PATIENCE_MS = 5_000

/** What to say of each server of models: whether it answers, and what to mend when it does not. A server that is not set is no fault. */
export function modelFindings({ ollama, openai, speech }: Env): [name: string, look: () => Promise<string>][] {
  return [
    [
      'Ollama',
      () =>
        ollama
          ? ask({ name: 'OLLAMA', url: ollama.url, path: 'api/version' })
          : unset(openai ? 'OLLAMA_URL' : 'OLLAMA_URL or OPENAI_URL; answers quote documents instead of being written'),
    ],
    ['OpenAI-compatible server', () => (openai ? askOpenAI('OPENAI', openai) : unset('OPENAI_URL'))],
    [
      'Speech server',
      () => (speech ? askOpenAI('SPEECH', speech) : unset('SPEECH_URL; recordings wait to be written down')),
    ],
  ]
}

const unset = (what: string): Promise<string> => Promise.resolve(`not set (${what})`)

/** A server without a list of its models, such as whisper.cpp, answers all the same. */
function askOpenAI(name: 'OPENAI' | 'SPEECH', { url, apiKey }: { url: string; apiKey?: string | undefined }) {
  return ask({ name, url: url.replace(/\/+$/, '').replace(/\/v1$/, ''), path: 'v1/models', apiKey, mayLack: true })
}

async function ask({
  name,
  url,
  path,
  apiKey,
  mayLack = false,
}: {
  name: string
  url: string
  path: string
  apiKey?: string | undefined
  mayLack?: boolean
}): Promise<string> {
  const answer = await fetch(`${url.replace(/\/+$/, '')}/${path}`, {
    signal: AbortSignal.timeout(PATIENCE_MS),
    redirect: 'error',
    ...(apiKey && { headers: { Authorization: `Bearer ${apiKey}` } }),
  }).catch(() => undefined)
  if (answer === undefined) throw new Error(`does not answer at ${url}: is it running, and is ${name}_URL right?`)
  if (answer.status === 401 || answer.status === 403) throw new Error(`refuses us at ${url}: set ${name}_API_KEY`)
  if (answer.ok || (mayLack && (answer.status === 404 || answer.status === 405))) return `answers at ${url}`
  throw new Error(`answers ${answer.status} at ${url}: is ${name}_URL right?`)
}
