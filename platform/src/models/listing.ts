import { isBackupName } from './library.ts'
import type { ModelEntry, ServerState } from './models.ts'
import type { ModelProvider, ModelServer } from './provider.ts'
import type { Source } from './source.ts'

const PATIENCE_MS = 3_000

export function toServerState({ provider, host, outside, roster }: Source<ModelServer>): ServerState {
  return { name: provider.name, host, outside, answers: roster.answers() }
}

/** Everything that answers, with what is on the card; which is not known of a server that does not say. */
export async function listModels(
  sources: readonly Source<ModelServer>[],
  written: readonly Source<ModelProvider>[],
): Promise<ModelEntry[]> {
  const loaded = new Map(
    await Promise.all(written.map(async (source) => [source.provider.name, await readLoaded(source)] as const)),
  )
  return sources.flatMap(({ provider, outside, roster }) =>
    roster
      .models()
      .filter(({ name }) => !isBackupName(name))
      .map(({ name, digest, skills, contextLength, details }) => ({
        name,
        provider: provider.name,
        digest,
        sizeBytes: details?.sizeBytes ?? null,
        parameters: details?.parameters ?? null,
        quantization: details?.quantization ?? null,
        contextLength,
        skills: skills.filter((skill) => skill !== 'thinking'),
        loaded: loaded.get(provider.name)?.has(name) ?? null,
        outside,
      })),
  )
}

async function readLoaded({ provider, roster }: Source<ModelProvider>): Promise<Set<string> | null> {
  if (!provider.library || !roster.answers()) return null
  return provider.library.loaded(AbortSignal.timeout(PATIENCE_MS)).then(
    (names) => new Set(names),
    () => null,
  )
}
