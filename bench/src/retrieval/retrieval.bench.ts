import { settled, signUp } from '../../../tests/src/client.ts'
import {
  frenchQuestions,
  mean,
  ndcg,
  readCollection,
  type Collection,
} from '../../../tests/src/documents/collection.ts'
import { createShelf, type Shelf } from '../../../tests/src/documents/shelf.ts'
import { preparePasserelle } from '../../../tests/src/passerelle.ts'

const modes = ['SPARSE', 'HYBRID'] as const

/**
 * A public test collection through the whole running product (`npm run bench -- retrieval [folder with corpus.jsonl, queries.jsonl, qrels.tsv]`): every
 * passage uploaded as a document, every question asked of `search`. The peer is what the literature says of plain BM25 on the same collection: for
 * `cnil_faq_fr`, the default, nDCG@10 .657 to .670 and recall@100 .965. HYBRID is the same as SPARSE without an embedding model (`OLLAMA_URL`).
 */
export async function run([folder = frenchQuestions]: readonly string[]): Promise<void> {
  const collection = await readCollection(folder)
  const house = await preparePasserelle({ PASSERELLE_DEMO: 'off', OLLAMA_URL: process.env.OLLAMA_URL ?? '' })
  try {
    await house.start()
    const client = await signUp(house.url)
    const startedAt = performance.now()
    const shelf = await createShelf(client, collection.passages)
    await settled(client, 1_800_000)
    const seconds = (performance.now() - startedAt) / 1000
    const { length } = collection.passages
    console.log(
      `${length} passages, ${collection.questions.length} questions; read at ${(length / seconds).toFixed(1)} documents/s`,
    )
    for (const mode of modes) await score(shelf, collection, mode)
  } finally {
    await house.remove()
  }
}

async function score(shelf: Shelf, { questions, answers }: Collection, mode: (typeof modes)[number]): Promise<void> {
  const [gains, recalls, times]: [number[], number[], number[]] = [[], [], []]
  for (const { id, text } of questions) {
    const startedAt = performance.now()
    const found = await shelf.search(text, { mode, first: 100 })
    times.push(performance.now() - startedAt)
    const wanted = answers.get(id) ?? new Set()
    gains.push(ndcg(found, wanted))
    recalls.push(found.filter((passage) => wanted.has(passage)).length / wanted.size)
  }
  times.sort((a, b) => a - b)
  const percentile = (share: number): string => (times[Math.floor(times.length * share)] ?? 0).toFixed(0)
  console.log(
    `  ${mode.padEnd(6)}  nDCG@10 ${mean(gains).toFixed(3)}   recall@100 ${mean(recalls).toFixed(3)}   p50 ${percentile(0.5)} ms   p95 ${percentile(0.95)} ms`,
  )
}
