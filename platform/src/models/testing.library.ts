import type { ServerResponse } from 'node:http'
import type { FakeModel, OllamaServer } from './testing.ts'

/** A model that the registry of a test server has: pulling it takes a few words, each when `step` lets it. */
export interface RegistryModel extends FakeModel {
  /** Waited for before each word of the pull. */
  step?: () => Promise<void>
}

/** What an Ollama server does with its models beside running them; false for a path that is none of these. */
export async function respondLibrary(
  server: OllamaServer,
  response: ServerResponse,
  { path, method, body }: { path: string; method: string; body: Record<string, unknown> },
): Promise<boolean> {
  const send = (status: number, answer?: unknown) =>
    void response
      .writeHead(status, { 'Content-Type': 'application/json' })
      .end(answer === undefined ? '' : JSON.stringify(answer))
  const full = (name: unknown) => (String(name).includes(':') ? String(name) : `${String(name)}:latest`)
  const find = (name: unknown) => server.models.find((model) => model.name === full(name))
  // The server has taken `name` for `model` since before it was called that, and clients still say it.
  const named = body.model ?? body.name
  const missing = (name: unknown) => send(404, { error: `model '${String(name)}' not found` })
  if (path === '/api/ps') {
    const models = server.models.filter(({ name }) => server.loaded.has(name))
    send(200, {
      models: models.map(({ name, size, digest }) => ({ name, model: name, size, digest, size_vram: size })),
    })
  } else if (path === '/api/delete' && method === 'DELETE') {
    if (!find(named)) missing(named)
    else {
      server.models = server.models.filter(({ name }) => name !== full(named))
      send(200)
    }
  } else if (path === '/api/copy' && method === 'POST') {
    const source = find(body.source)
    const name = full(body.destination)
    if (!source) missing(body.source)
    else {
      server.models = [{ ...source, name }, ...server.models.filter((model) => model.name !== name)]
      send(200)
    }
  } else if (path === '/api/pull' && method === 'POST') await pull(server, response, full(named))
  else return false
  return true
}

/** What has come of a pull whose client left is kept, and the next one goes on there. */
async function pull(server: OllamaServer, response: ServerResponse, name: string): Promise<void> {
  const line = (part: object) => response.write(`${JSON.stringify(part)}\n`)
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
  const model = server.registry.find((there) => there.name === name)
  line({ status: 'pulling manifest' })
  if (!model) return void response.end(`${JSON.stringify({ error: 'pull model manifest: file does not exist' })}\n`)
  const digest = `sha256:${model.digest}`
  for (let quarter = server.pulled.get(name) ?? 0; quarter <= 4; quarter++) {
    await model.step?.()
    if (response.destroyed) return
    server.pulled.set(name, quarter)
    line({
      status: `pulling ${model.digest.slice(0, 12)}`,
      digest,
      total: model.size,
      completed: (model.size * quarter) / 4,
    })
  }
  for (const status of ['verifying sha256 digest', 'writing manifest']) line({ status })
  const { step: _, ...installed } = model
  server.models = [installed, ...server.models.filter((there) => there.name !== name)]
  server.pulled.delete(name)
  response.end(`${JSON.stringify({ status: 'success' })}\n`)
}
