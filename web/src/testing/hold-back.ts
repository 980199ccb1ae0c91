import type { DocumentNode } from 'graphql'
import { flushPromises } from '@vue/test-utils'
import { nameOfDocument } from '@/api/document-name'

/** One question on its way. */
export interface Held {
  variables: Record<string, unknown>
  /** Lets the answer come, and what follows from it happen. */
  answer: () => Promise<void>
  /** The connection breaks instead. */
  lose: () => Promise<void>
}

/** Lets what follows from what came over the network happen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 8; turn++) await flushPromises()
}

/** From now on every question of that name waits to be let go, in whatever order; gives those that came, the last one last. */
export function holdBack(document: DocumentNode): Held[] {
  const name = nameOfDocument(document)
  const held: Held[] = []
  const network = globalThis.fetch
  globalThis.fetch = (address, init) => {
    const { extensions, variables = {} } = JSON.parse(String(init?.body)) as {
      extensions?: { persistedQuery?: { sha256Hash: string } }
      variables?: Record<string, unknown>
    }
    if (extensions?.persistedQuery?.sha256Hash !== name) return network(address, init)
    return new Promise((resolve, reject) => {
      held.push({
        variables,
        answer: async () => (resolve(network(address, init)), settle()),
        lose: async () => (reject(new TypeError('network')), settle()),
      })
    })
  }
  return held
}
