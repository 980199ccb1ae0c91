import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A passage or a question. */
export interface Line {
  id: string
  text: string
}

/** A public test collection: passages, questions, and which passages answer which question. */
export interface Collection {
  passages: Line[]
  questions: Line[]
  answers: Map<string, Set<string>>
}

/** 496 French passages with 512 questions; its folder says whence. */
export const frenchQuestions = fileURLToPath(new URL('../../samples/retrieval/cnil_faq_fr/', import.meta.url))

/** Reads a collection of `corpus.jsonl`, `queries.jsonl` and `qrels.tsv`; with a step only every so manieth passage, and the questions they answer. */
export async function readCollection(folder: string, step = 1): Promise<Collection> {
  const passages = (await readLines(`${folder}/corpus.jsonl`)).filter((_, index) => index % step === 0)
  const known = new Set(passages.map(({ id }) => id))
  const rows = (await readFile(`${folder}/qrels.tsv`, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'))
  const right = rows.filter(([, passage = '', grade]) => known.has(passage) && Number(grade) > 0)
  const byQuestion = Map.groupBy(right, ([question = '']) => question)
  const answers = new Map(
    [...byQuestion].map(([question, group]) => [question, new Set(group.map(([, passage = '']) => passage))]),
  )
  return {
    passages,
    questions: (await readLines(`${folder}/queries.jsonl`)).filter(({ id }) => answers.has(id)),
    answers,
  }
}

async function readLines(path: string): Promise<Line[]> {
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as Line)
}

/** nDCG@10, each answer worth the same: 1 when all that answers comes first, 0 when none of it is among the first ten. */
export function ndcg(found: readonly string[], wanted: ReadonlySet<string>): number {
  const discount = (rank: number): number => 1 / Math.log2(rank + 2)
  const gain = found.slice(0, 10).reduce((sum, id, rank) => sum + (wanted.has(id) ? discount(rank) : 0), 0)
  const ideal = Array.from({ length: Math.min(10, wanted.size) }, (_, rank) => discount(rank)).reduce(
    (sum, value) => sum + value,
    0,
  )
  return gain / ideal
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
