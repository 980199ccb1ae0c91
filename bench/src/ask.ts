import { analyseQuery, analyse, sentences } from '@passerelle/platform/text'
import { choose } from '../../subgraphs/ai/src/ask/extractive/choosing.ts'
import { readQuestion } from '../../subgraphs/ai/src/ask/extractive/question.ts'
import { completeQuestion } from '../../subgraphs/ai/src/ask/followup.ts'
import type { Passage } from '../../subgraphs/ai/src/ask/passage.ts'
import { businessCases } from './ask/business.ts'
import { holdsAnswer, writtenCases, type Case } from './ask/cases.ts'
import { conversations } from './ask/conversations.ts'
import { createSearch, readCorpus, readFaq, type Search } from './ask/corpus.ts'

/** Gives the words to answer with, none to abstain. */
type Answerer = (question: string, passages: readonly Passage[]) => string[]

const extractive: Answerer = (question, passages) => choose(readQuestion(question), passages).map(({ text }) => text)

/** The peer: the sentence that shares most words with the question, when it shares a third of them. */
const mostCommonWords: Answerer = (question, passages) => {
  const wanted = new Set(analyseQuery(question))
  const found = passages.flatMap(({ text }) =>
    sentences(text).map((sentence) => {
      const terms = new Set(analyse(sentence.text, 'fr'))
      return {
        text: sentence.text,
        share: [...wanted].filter((term) => terms.has(term)).length / Math.max(1, wanted.size),
      }
    }),
  )
  const best = found.sort((a, b) => b.share - a.share)[0]
  return best && best.share >= 1 / 3 ? [best.text] : []
}

/**
 * Answers questions about the samples without a model: how often the quoted words hold the answer, how often a question without an answer is
 * abstained, and what it costs. "Held" questions were not looked at while the answers were tuned for the first time.
 */
export async function run(): Promise<void> {
  const passages = await readCorpus()
  const search = createSearch(passages)
  const cases = [...businessCases(), ...writtenCases()]
  for (const [name, answer] of Object.entries({ extractive, 'most common words': mostCommonWords })) {
    console.log(`\n${name}`)
    report(cases, { answer, search })
    reportFaq(answer, search)
  }
  console.log(
    `\nconversations: ${followedUp(search, true)} with what was said before, ${followedUp(search, false)} without`,
  )
}

function report(cases: readonly Case[], { answer, search }: { answer: Answerer; search: Search }): void {
  const groups = new Map<string, { right: number; all: number }>()
  let spent = 0
  let longest = 0
  for (const one of cases) {
    const found = find(search, one.question, one.document)
    const start = performance.now()
    const said = answer(one.question, found).join(' ')
    const took = performance.now() - start
    spent += took
    longest = Math.max(longest, took)
    const right = one.answers ? holdsAnswer(said, one.answers) : said === ''
    const key = `${one.set.padEnd(6)} ${one.group.padEnd(14)} ${one.answers ? 'answered' : 'abstained'}`
    const known = groups.get(key) ?? { right: 0, all: 0 }
    groups.set(key, { right: known.right + Number(right), all: known.all + 1 })
  }
  for (const [key, { right, all }] of [...groups].sort(([a], [b]) => a.localeCompare(b)))
    console.log(`  ${key.padEnd(34)} ${right}/${all}  ${(right / all).toFixed(3)}`)
  console.log(`  ${(spent / cases.length).toFixed(1)} ms each, the longest ${longest.toFixed(0)} ms`)
}

/** How often a passage of the right document is quoted, and how often something is quoted of documents about something else. */
function reportFaq(answer: Answerer, elsewhere: Search): void {
  const { passages, questions } = readFaq()
  const search = createSearch(passages)
  const textOf = new Map(passages.map(({ documentId, text }) => [documentId, text.replaceAll(/\s+/g, ' ')]))
  let right = 0
  let answered = 0
  let astray = 0
  for (const { text, passage } of questions) {
    const said = answer(text, find(search, text, null))
    if (said.length > 0) answered++
    if (said.some((words) => textOf.get(passage)?.includes(words.replaceAll(/\s+/g, ' ')))) right++
    if (answer(text, find(elsewhere, text, null)).length > 0) astray++
  }
  console.log(`  public questions: ${answered}/${questions.length} answered, ${right} from the right passage`)
  console.log(
    `  the same of documents about something else: ${questions.length - astray}/${questions.length} abstained`,
  )
}

/** Passages as the ai subgraph finds them: by the question, and by other words for it. */
function find(search: Search, question: string, documentId: string | null): Passage[] {
  const options = documentId ? { documentId } : {}
  const { otherWords } = readQuestion(question)
  const found = [
    ...search(question, options).slice(0, 6),
    ...(otherWords ? search(otherWords, options) : []),
    ...search(question, options),
  ]
  return [...new Map(found.map((passage) => [passage.chunkId, passage])).values()].slice(0, 8)
}

function followedUp(search: Search, withTurns: boolean): string {
  const all = conversations()
  const right = all.filter(({ turns, question, answers }) => {
    const completed = withTurns
      ? completeQuestion(
          question,
          turns.map((text) => ({ role: 'user', text, at: '' })),
        )
      : question
    return holdsAnswer(extractive(completed, find(search, completed, null)).join(' '), answers)
  })
  return `${right.length}/${all.length}`
}
