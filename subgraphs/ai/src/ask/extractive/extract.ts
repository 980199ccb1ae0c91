import type { Citer } from '../citing/cite.ts'
import type { Draft } from '../draft.ts'
import type { Passage } from '../passage.ts'
import { choose } from './choosing.ts'
import type { Question } from './question.ts'

/** What the sources are asked, and who hears it. */
export interface Extraction {
  question: Question
  passages: readonly Passage[]
  citer: Citer
  emit: (text: string) => void
}

/** Answers with the sentences of the sources that hold the answer, word for word; with none when they do not hold it. */
export async function extract({ question, passages, citer, emit }: Extraction): Promise<Draft> {
  const sentences: Draft['sentences'] = []
  for (const quotation of choose(question, passages)) {
    emit(sentences.length > 0 ? ` ${quotation.text}` : quotation.text)
    sentences.push({ text: quotation.text, supported: true, citations: [await citer.cite(quotation)] })
  }
  return { sentences, mode: 'EXTRACTIVE', model: null }
}
