import { EngineUnavailable, InvalidInput, NotFound } from '../schema/refusals.ts'
import type { ModelLibrary } from './models.ts'
import { ModelFailure, type LibraryProvider, type ModelProvider, type ProviderModel } from './provider.ts'
import type { Source } from './source.ts'

/** Registries that models may come from beside the server's own: another could be any machine that the server can reach. */
const REGISTRIES = new Set(['registry.ollama.ai', 'ollama.com', 'hf.co', 'huggingface.co'])

/** `[registry/][namespace/]model[:tag]`, as Ollama has it. */
const NAME = /^(?:([\w-]+(?:\.[\w-]+)+(?::\d+)?)\/)?(?:[\w][\w.-]*\/)?[\w][\w.-]*(?::[\w][\w.-]{0,79})?$/
const LONGEST = 200

const BACKUP = /-backup-\d{8}-\d{6}$/

/** Whether a model is the copy that a backup made: never chosen by itself. */
export const isBackupName = (name: string): boolean => BACKUP.test(name)

/** The dated name of a copy: the same model under another tag, UTC to the second. */
export function toBackupName(model: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const full = toFullName(model)
  // A tag has 80 characters at most.
  const colon = full.lastIndexOf(':')
  return `${full.slice(0, colon)}:${full.slice(colon + 1, colon + 56)}-backup-${stamp}`
}

/** The installation's models, at the first server that keeps its own. */
export function createLibrary(sources: readonly Source<ModelProvider>[]): ModelLibrary {
  function requireKeeper(): { source: Source<ModelProvider>; library: LibraryProvider } {
    for (const source of sources) {
      const { library } = source.provider
      if (library && source.roster.answers()) return { source, library }
    }
    throw new EngineUnavailable('models')
  }

  /** Asks for a change, and looks at once what has become of it. */
  async function change(work: (library: LibraryProvider) => Promise<void>): Promise<void> {
    const { source, library } = requireKeeper()
    await work(library).catch(refuse)
    await source.roster.look()
  }

  function requireModel(name: string): ProviderModel {
    const model = requireKeeper()
      .source.roster.models()
      .find((there) => there.name === toFullName(name))
    if (!model) throw new NotFound('There is no model of this name.')
    return model
  }

  return {
    nameOf: requireName,
    async *pull(name, signal) {
      const model = requireName(name)
      const { source, library } = requireKeeper()
      try {
        yield* library.pull(model, signal)
      } catch (error) {
        throw signal.aborted ? error : toPullRefusal(error, model)
      } finally {
        await source.roster.look()
      }
    },
    async remove(name) {
      const { name: model } = requireModel(name)
      await change((library) => library.remove(model, forAnHour()))
    },
    async backUp(name) {
      const { name: model, digest, details } = requireModel(name)
      if (isBackupName(model)) throw new InvalidInput('This is a backup already.', ['name'])
      const madeAt = new Date()
      const copy = toBackupName(model, madeAt)
      await change((library) => library.copy({ from: model, to: copy }, forAnHour()))
      return { model, copy, digest, sizeBytes: details?.sizeBytes ?? null, madeAt }
    },
    async restore({ model, copy, digest }) {
      const there = requireModel(copy)
      if (there.digest !== digest) throw new NotFound('What has the name of this backup is not what was kept.')
      await change((library) => library.copy({ from: copy, to: model }, forAnHour()))
    },
    backups: () =>
      sources.flatMap(({ roster }) => roster.models().flatMap(({ name }) => (isBackupName(name) ? [name] : []))),
  }
}

/** Longer than any step takes that the provider has not given up itself. */
const forAnHour = () => AbortSignal.timeout(3_600_000)

function toFullName(name: string): string {
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`
}

function requireName(typed: string): string {
  const name = typed.trim()
  const registry = NAME.exec(name)?.[1]
  if (name.length > LONGEST || !NAME.test(name))
    throw new InvalidInput('This is no name of a model: mistral, qwen3:8b and hf.co/team/model:tag are.', ['name'])
  if (registry && !REGISTRIES.has(registry))
    throw new InvalidInput(`Models come from ${[...REGISTRIES].join(', ')}, not from ${registry}.`, ['name'])
  if (isBackupName(name)) throw new InvalidInput('This is the name of a backup.', ['name'])
  return toFullName(name)
}

/** A registry that does not have the model is told by a word in the stream. */
function toPullRefusal(error: unknown, model: string): unknown {
  const failure = error instanceof ModelFailure ? error : null
  if (failure && /not exist|not found|manifest|invalid model/i.test(failure.message))
    return new InvalidInput(`${model} is not to be had: ${failure.message}`, ['name'])
  return failure ? new EngineUnavailable('models', failure) : error
}

function refuse(error: unknown): never {
  if (error instanceof ModelFailure) {
    if (error.status === 404) throw new NotFound('There is no model of this name.')
    throw new EngineUnavailable('models', error)
  }
  throw error
}
