import type { ApiClient } from '../client.ts'
import { crowd } from '../crowd.ts'
import type { Line } from './collection.ts'

/** Passages that have been uploaded, each as a document of its own. */
export interface Shelf {
  /** Ids of passages, best first. */
  search(query: string, options: { mode: 'SPARSE' | 'HYBRID'; first: number }): Promise<string[]>
}

/** As many as a person's browser sends at once. */
const atOnce = 8

/** Uploads the passages; they may still have to be read. Passages of the same text are one document, and are found together. */
export async function createShelf(client: ApiClient, passages: readonly Line[]): Promise<Shelf> {
  const passagesOf = new Map<string, string[]>()
  await crowd(passages, atOnce, async (passage) => {
    const document = await client.upload(`${passage.id}.txt`, new TextEncoder().encode(passage.text))
    passagesOf.set(document, [...(passagesOf.get(document) ?? []), passage.id])
  })
  return {
    async search(query, options) {
      const { search } = await client.ask<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
        `query ($query: String!, $mode: SearchMode, $first: Int) { search(query: $query, mode: $mode, first: $first) { nodes { chunk { document { id } } } } }`,
        { query, ...options },
      )
      return [...new Set(search.nodes.flatMap(({ chunk }) => passagesOf.get(chunk.document.id) ?? []))]
    },
  }
}
