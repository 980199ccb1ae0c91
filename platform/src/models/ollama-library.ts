import type { Ollama } from 'ollama'
import { createDeadline } from './deadline.ts'
import { toFailure } from './http.ts'
import type { LibraryProvider } from './provider.ts'

/** Between two words of a server that brings a model: the sum of a large file is made on a slow disk. */
const IDLE_MS = 600_000
const STEP_MS = 60_000

/** What an Ollama server lets be done with its models. */
export function createOllamaLibrary(client: (signal: AbortSignal) => Ollama): LibraryProvider {
  async function step<T>(signal: AbortSignal, work: (ollama: Ollama) => Promise<T>): Promise<T> {
    const deadline = createDeadline(signal)
    deadline.await('answer', STEP_MS)
    try {
      return await work(client(deadline.signal))
    } catch (error) {
      throw toFailure(error, deadline.signal, 'broken')
    } finally {
      deadline.end()
    }
  }

  return {
    async loaded(signal) {
      const { models } = await step(signal, (ollama) => ollama.ps())
      return models.map(({ name }) => name)
    },
    async *pull(model, signal) {
      const deadline = createDeadline(signal)
      const layers = new Map<string, { total: number; completed: number }>()
      try {
        deadline.await('word of the pull', IDLE_MS)
        for await (const { status, digest, total, completed } of await client(deadline.signal).pull({
          model,
          stream: true,
        })) {
          deadline.await('further word of the pull', IDLE_MS)
          if (digest && total) layers.set(digest, { total, completed: completed ?? 0 })
          yield { status, ...sumOf([...layers.values()]) }
        }
      } catch (error) {
        throw toFailure(error, deadline.signal, 'broken')
      } finally {
        deadline.end()
      }
    },
    async remove(model, signal) {
      await step(signal, (ollama) => ollama.delete({ model }))
    },
    async copy({ from, to }, signal) {
      await step(signal, (ollama) => ollama.copy({ source: from, destination: to }))
    },
  }
}

function sumOf(layers: readonly { total: number; completed: number }[]) {
  return {
    completedBytes: layers.reduce((sum, { completed }) => sum + completed, 0),
    totalBytes: layers.length > 0 ? layers.reduce((sum, { total }) => sum + total, 0) : null,
  }
}
