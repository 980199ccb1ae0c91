import { readFileSync } from 'node:fs'
import { analyse, analyseQuery, type Language } from './text.ts'

interface Item {
  id: string
  text: string
}

function readLines(path: URL): string[] {
  return readFileSync(path, 'utf8').split('\n').filter(Boolean)
}

function readItems(path: URL): Item[] {
  return readLines(path).map((line): Item => JSON.parse(line))
}

type Index = { postings: Map<string, [id: string, frequency: number][]>; lengths: Map<string, number>; average: number }

function indexOf(documents: readonly Item[], language: Language): Index {
  const postings: Index['postings'] = new Map()
  const lengths = new Map<string, number>()
  for (const { id, text } of documents) {
    const terms = analyse(text, language)
    lengths.set(id, terms.length)
    const frequencies = new Map<string, number>()
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
    for (const [term, frequency] of frequencies) postings.set(term, [...(postings.get(term) ?? []), [id, frequency]])
  }
  return {
    postings,
    lengths,
    average: [...lengths.values()].reduce((sum, length) => sum + length, 0) / documents.length,
  }
}

/** The best ids by BM25 (k1 1.2, b 0.75), ties by id. */
function rank({ postings, lengths, average }: Index, question: string): string[] {
  const scores = new Map<string, number>()
  for (const term of analyseQuery(question)) {
    const found = postings.get(term) ?? []
    const weight = Math.log(1 + (lengths.size - found.length + 0.5) / (found.length + 0.5))
    for (const [id, frequency] of found) {
      const saturation = frequency + 1.2 * (0.25 + (0.75 * (lengths.get(id) ?? 0)) / average)
      scores.set(id, (scores.get(id) ?? 0) + (weight * frequency * 2.2) / saturation)
    }
  }
  return [...scores].sort(([left, a], [right, b]) => b - a || (left < right ? 1 : -1)).map(([id]) => id)
}

function gainAt10(ranking: readonly string[], relevant: ReadonlyMap<string, number>): number {
  const discount = (gain: number, position: number) => gain / Math.log2(position + 2)
  const gained = ranking.slice(0, 10).reduce((sum, id, position) => sum + discount(relevant.get(id) ?? 0, position), 0)
  const ideal = [...relevant.values()].sort((left, right) => right - left).slice(0, 10)
  return gained / ideal.reduce((sum, gain, position) => sum + discount(gain, position), 0)
}

/** nDCG@10 of plain BM25 over a public collection, with our terms. `folder` has corpus.jsonl, queries.jsonl and qrels.tsv. */
export function measure(folder: URL, language: Language): number {
  const index = indexOf(readItems(new URL('corpus.jsonl', folder)), language)
  const relevant = new Map<string, Map<string, number>>()
  for (const line of readLines(new URL('qrels.tsv', folder)).slice(1)) {
    const [query = '', document = '', gain] = line.split('\t')
    relevant.set(query, (relevant.get(query) ?? new Map<string, number>()).set(document, Number(gain)))
  }
  const queries = readItems(new URL('queries.jsonl', folder)).filter(({ id }) => relevant.has(id))
  const sum = queries.reduce(
    (total, { id, text }) => total + gainAt10(rank(index, text), relevant.get(id) ?? new Map()),
    0,
  )
  return sum / queries.length
}
