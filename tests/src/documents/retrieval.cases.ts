import { readFile } from 'node:fs/promises'
import { beforeAll, expect, test } from 'vitest'
import { settled, signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'

const collection = new URL('../../samples/retrieval/cnil_faq_fr/', import.meta.url)
// Every eighth passage here; 1 is the whole collection.
const step = Number(process.env.PASSERELLE_TEST_PASSAGES ?? 8)

/** Search over a public collection of French questions and the passages that answer them. */
export function retrievalCases(house: Passerelle): void {
  let client: ApiClient
  const passageOf = new Map<string, string>()
  beforeAll(async () => {
    client = await signUp(house.url)
    const passages = (await readLines('corpus.jsonl')).filter((_, index) => index % step === 0)
    const upload = async ({ id, text }: Line): Promise<void> => void passageOf.set(await client.upload(`${id}.txt`, new TextEncoder().encode(text)), id)
    for (let start = 0; start < passages.length; start += 8) await Promise.all(passages.slice(start, start + 8).map(upload))
    await settled(client)
  })

  test.each(['SPARSE', 'HYBRID'])('questions find the passages that answer them (%s)', async (mode) => {
    const passages = new Set(passageOf.values())
    const answers = await readAnswers(passages)
    const questions = (await readLines('queries.jsonl')).filter(({ id }) => answers.has(id))
    const gains: number[] = []
    for (const { id, text } of questions) gains.push(ndcg(await search(text, mode), answers.get(id) ?? new Set()))
    const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length
    // Plain BM25 gives .66 on the whole; with fewer passages there are fewer to be mistaken for the right one.
    expect(mean).toBeGreaterThan(step === 1 ? 0.66 : 0.8)
  })

  async function search(query: string, mode: string): Promise<(string | undefined)[]> {
    const { search } = await client.ask<{ search: { nodes: { chunk: { document: { id: string } } }[] } }>(
      `query ($query: String!, $mode: SearchMode) { search(query: $query, mode: $mode, first: 10) { nodes { chunk { document { id } } } } }`,
      { query, mode },
    )
    return search.nodes.map(({ chunk }) => passageOf.get(chunk.document.id))
  }
}

interface Line {
  id: string
  text: string
}

async function readLines(name: string): Promise<Line[]> {
  const text = await readFile(new URL(name, collection), 'utf8')
  return text.trim().split('\n').map((line) => JSON.parse(line) as Line)
}

/** Which of the passages answer each question. */
async function readAnswers(passages: ReadonlySet<string>): Promise<Map<string, Set<string>>> {
  const rows = (await readFile(new URL('qrels.tsv', collection), 'utf8')).trim().split('\n').slice(1).map((line) => line.split('\t'))
  const byQuestion = Map.groupBy(rows.filter(([, passage = '']) => passages.has(passage)), ([question = '']) => question)
  return new Map([...byQuestion].map(([question, group]) => [question, new Set(group.map(([, passage = '']) => passage))]))
}

/** Of the first ten: 1 when all that answers comes first, 0 when none of it comes. */
function ndcg(found: readonly (string | undefined)[], wanted: ReadonlySet<string>): number {
  const discount = (rank: number): number => 1 / Math.log2(rank + 2)
  const gain = found.reduce((sum, id, rank) => sum + (id !== undefined && wanted.has(id) ? discount(rank) : 0), 0)
  const ideal = Array.from({ length: Math.min(10, wanted.size) }, (_, rank) => discount(rank)).reduce((sum, value) => sum + value, 0)
  return gain / ideal
}
