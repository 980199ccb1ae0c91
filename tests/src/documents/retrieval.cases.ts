import { beforeAll, expect, test } from 'vitest'
import { settled, signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { frenchQuestions, mean, ndcg, readCollection, type Collection } from './collection.ts'
import { createShelf, type Shelf } from './shelf.ts'

// Every eighth passage here; all of them are a benchmark.
const step = 8

/** Search over a public collection of French questions and the passages that answer them. */
export function retrievalCases(house: Passerelle): void {
  let client: ApiClient
  let collection: Collection
  let shelf: Shelf
  beforeAll(async () => {
    client = await signUp(house.url)
    collection = await readCollection(frenchQuestions, step)
    shelf = await createShelf(client, collection.passages)
    await settled(client)
  })

  test.each(['SPARSE', 'HYBRID'] as const)('questions find the passages that answer them (%s)', async (mode) => {
    const { questions, answers } = collection
    const gains: number[] = []
    for (const { id, text } of questions)
      gains.push(ndcg(await shelf.search(text, { mode, first: 10 }), answers.get(id) ?? new Set()))
    expect(gains.length).toBeGreaterThan(50)
    // Plain BM25 gives .66 on the whole; with fewer passages there are fewer to be mistaken for the right one.
    expect(mean(gains)).toBeGreaterThan(0.8)
  })
}
