import type { ModelCall } from './models.ts'
import type { ModelPolicy, Route } from './policy.ts'
import type { ModelProvider, ModelServer, ProviderModel, Skill, SpeechProvider } from './provider.ts'
import type { Source } from './source.ts'

/** A model that may be called for the organisation now. */
export interface Candidate<Provider extends ModelServer> {
  source: Source<Provider>
  model: ProviderModel
}

export interface Choosing {
  /** Who may write, the best first: the routed model, then each server's own choice. */
  writers(organizationId: string, task: string): Promise<Candidate<ModelProvider>[]>
  /** The model of that name; null when no server that may be asked has one that writes. */
  writer(organizationId: string, name: string): Promise<Candidate<ModelProvider> | null>
  /** The one model that embeds for the organisation; null while it does not answer. */
  embedder(organizationId: string, task: string): Promise<Candidate<ModelProvider> | null>
  /** The model whose vectors lie in a space; null when it does not answer, or may not be told the organisation's words. */
  embedderOf(organizationId: string, space: string): Promise<Candidate<ModelProvider> | null>
  listener(organizationId: string, task: string): Promise<Candidate<SpeechProvider> | null>
  allows(organizationId: string, source: Source<ModelServer>): Promise<boolean>
}

/** Who is called for what, by what the servers have and the organisation has decided. */
export function createChoosing(
  { written, heard }: { written: readonly Source<ModelProvider>[]; heard: Source<SpeechProvider> | null },
  policy: ModelPolicy,
): Choosing {
  const allows: Choosing['allows'] = async (organizationId, { outside, provider, host }) =>
    !outside || policy.allows(organizationId, { name: provider.name, host })

  async function allowed(organizationId: string): Promise<Source<ModelProvider>[]> {
    const answers = await Promise.all(written.map((source) => allows(organizationId, source)))
    return written.filter((_, index) => answers[index])
  }

  async function decide(organizationId: string, call: Pick<ModelCall, 'kind' | 'task'>) {
    const [sources, route] = await Promise.all([allowed(organizationId), policy.route(organizationId, call)])
    return { sources, route, routed: sources.find(({ provider }) => provider.name === route?.provider) }
  }

  return {
    allows,
    async writers(organizationId, task) {
      const { sources, route, routed } = await decide(organizationId, { kind: 'complete', task })
      const first = routed && route ? findAble(routed, 'chat', route.model) : []
      const usual = sources.flatMap((source) => findAble(source, 'chat'))
      return [...first, ...usual.filter(({ source, model }) => !first.some((one) => isSame(one, { source, model })))]
    },
    async writer(organizationId, name) {
      const sources = await allowed(organizationId)
      return sources.flatMap((source) => findAble(source, 'chat', name))[0] ?? null
    },
    async embedder(organizationId, task) {
      const { sources, route, routed } = await decide(organizationId, { kind: 'embed', task })
      const wanted = routed && route ? recallEmbedder(routed, route) : null
      if (wanted !== null) return wanted === 'away' ? null : wanted
      for (const source of sources) {
        const usual = recallEmbedder(source)
        if (usual !== null) return usual === 'away' ? null : usual
      }
      return null
    },
    async embedderOf(organizationId, space) {
      const found = (await allowed(organizationId)).flatMap((source) =>
        findAble(source, 'embedding', source.provider.library ? space : space.replace(`${source.provider.name}/`, '')),
      )
      return found.find((candidate) => spaceOf(candidate) === space) ?? null
    },
    async listener(organizationId, task) {
      if (!heard || !(await allows(organizationId, heard))) return null
      const route = await policy.route(organizationId, { kind: 'transcribe', task })
      const routed = route?.provider === heard.provider.name ? findAble(heard, 'speech', route.model) : []
      return routed[0] ?? findAble(heard, 'speech')[0] ?? null
    },
  }
}

function findAble<Provider extends ModelServer>(
  source: Source<Provider>,
  skill: Skill,
  name?: string,
): Candidate<Provider>[] {
  const model = source.find(skill, name)
  // A model that the operator named is believed to be able; one that somebody else named has to be.
  return model && (name === undefined || model.skills.includes(skill)) ? [{ source, model }] : []
}

/**
 * The server's embedding model: null when it has none for certain, 'away' when it may have one, or has one, and cannot be asked now. Nobody steps
 * in then, for vectors of two models cannot be compared.
 */
function recallEmbedder(source: Source<ModelProvider>, route?: Route): Candidate<ModelProvider> | 'away' | null {
  const recalled = source.roster.recall('embedding', route?.model)
  if (recalled === null) return null
  return findAble(source, 'embedding', route?.model)[0] ?? 'away'
}

const isSame = (left: Candidate<ModelProvider>, right: Candidate<ModelProvider>): boolean =>
  left.source === right.source && left.model.name === right.model.name

/**
 * What the space is called that a model's vectors lie in: by the model's name at the server that keeps its own, and beside it by the server's
 * name too, for two servers may call different things the same.
 */
export function spaceOf({ source, model }: Candidate<ModelProvider>): string {
  return source.provider.library ? model.name : `${source.provider.name}/${model.name}`
}
