import { readdirSync, readFileSync } from 'node:fs'
import { openSandbox } from '@passerelle/platform/sandbox'
import { analyse, analyseQuery } from '@passerelle/platform/text'
import { chunkPages } from '../../../subgraphs/documents/src/chunking/chunking.ts'
import { createReader } from '../../../subgraphs/documents/src/reading/reading.ts'
import type { Passage } from '../../../subgraphs/ai/src/ask/passage.ts'

const samples = new URL('../../../tests/samples/business/', import.meta.url).pathname
const faq = new URL('../../../tests/samples/retrieval/cnil_faq_fr', import.meta.url).pathname
const texts = new URL('./texts/', import.meta.url).pathname

/** Reads the documents of the evaluation as an upload does, and cuts them into passages. */
export async function readCorpus(): Promise<Passage[]> {
  const sandbox = openSandbox({ size: 1 })
  const reader = createReader(sandbox)
  const files = [samples, texts].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => /\.(pdf|jpg|md|txt)$/.test(name) && name !== 'README.md')
      .map((name) => ({ path: folder + name, filename: name })),
  )
  try {
    const passages: Passage[] = []
    for (const file of files) {
      const { pages } = await reader.readDocument(file)
      for (const { index, text, page, boxes } of chunkPages(pages)) {
        const pageNumbers = [...new Set([page, ...boxes.map((box) => box.page)])]
        passages.push(toPassage({ documentId: file.filename, index, text, pages: pageNumbers }))
      }
    }
    return passages
  } finally {
    await sandbox.close()
  }
}

/** The passages of the public French question set, each a document of its own. */
export function readFaq(folder = faq): { passages: Passage[]; questions: { text: string; passage: string }[] } {
  const lines = (name: string): string[] => readFileSync(`${folder}/${name}`, 'utf8').split('\n').filter(Boolean)
  const passages = lines('corpus.jsonl').map((line) => {
    const { id, text } = JSON.parse(line) as { id: string; text: string }
    return toPassage({ documentId: id, index: 0, text, pages: [1] })
  })
  const relevant = new Map(
    lines('qrels.tsv')
      .slice(1)
      .map((line) => line.split('\t').slice(0, 2) as [string, string]),
  )
  const questions = lines('queries.jsonl').map((line) => {
    const { id, text } = JSON.parse(line) as { id: string; text: string }
    return { text, passage: relevant.get(id) ?? '' }
  })
  return { passages, questions }
}

function toPassage(given: Pick<Passage, 'documentId' | 'index' | 'text' | 'pages'>): Passage {
  return { ...given, chunkId: `${given.documentId}#${given.index}`, title: given.documentId }
}

export type Search = (question: string, options?: { documentId?: string; first?: number }) => Passage[]

/** BM25 over the passages, as the search port promises it: k1 1.2, b 0.75. */
export function createSearch(passages: readonly Passage[]): Search {
  const entries = passages.map((passage) => {
    const frequencies = new Map<string, number>()
    const terms = analyse(passage.text, isEnglish(passage.text) ? 'en' : 'fr')
    for (const term of terms) frequencies.set(term, (frequencies.get(term) ?? 0) + 1)
    return { passage, frequencies, length: terms.length }
  })
  const mean = entries.reduce((sum, { length }) => sum + length, 0) / entries.length
  const documentsWith = new Map<string, number>()
  for (const { frequencies } of entries)
    for (const term of frequencies.keys()) documentsWith.set(term, (documentsWith.get(term) ?? 0) + 1)
  return (question, { documentId, first = 8 } = {}) => {
    const terms = analyseQuery(question)
    return entries
      .filter(({ passage }) => !documentId || passage.documentId === documentId)
      .map(({ passage, frequencies, length }) => {
        const score = terms.reduce((sum, term) => {
          const frequency = frequencies.get(term) ?? 0
          const holders = documentsWith.get(term) ?? 0
          const idf = Math.log(1 + (entries.length - holders + 0.5) / (holders + 0.5))
          return sum + (idf * frequency * 2.2) / (frequency + 1.2 * (0.25 + (0.75 * length) / mean))
        }, 0)
        return { passage, score }
      })
      .filter(({ score }) => score > 0 || documentId)
      .sort((a, b) => b.score - a.score || a.passage.index - b.passage.index)
      .slice(0, first)
      .map(({ passage }) => passage)
  }
}

function isEnglish(text: string): boolean {
  return (text.match(/\b(the|and|of|is)\b/g)?.length ?? 0) > (text.match(/\b(le|la|et|de)\b/g)?.length ?? 0)
}
