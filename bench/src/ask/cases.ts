import { readFileSync } from 'node:fs'

/** A question, and what the quoted words must contain; null when the documents do not hold the answer. */
export interface Case {
  question: string
  answers: string[] | null
  /** The document it is about; null when it is about none. */
  document: string | null
  /** Whether the case was looked at while the answers were improved. */
  set: 'tuned' | 'held'
  group: string
}

/** The hand-written questions. A line is "question = answer | other form", or "question = -". */
export function writtenCases(): Case[] {
  let document: string | null = null
  let set: Case['set'] = 'held'
  return readFileSync(new URL('./questions.txt', import.meta.url), 'utf8')
    .split('\n')
    .flatMap((line): Case[] => {
      const heading = /^## (\S+) ?(\w+)?/.exec(line)
      if (heading) {
        document = heading[1] === 'off-topic' ? null : (heading[1] ?? null)
        set = heading[2] === 'fresh' ? 'held' : 'tuned'
        return []
      }
      const [question = '', answer] = line.split(' = ')
      if (answer === undefined) return []
      return [
        {
          question,
          answers: answer === '-' ? null : answer.split(' | '),
          document,
          set,
          group: document ? 'text' : 'off-topic',
        },
      ]
    })
}

/** Whether the words hold one of the answers; white space, apostrophes and the signs between thousands are not compared. */
export function holdsAnswer(words: string, answers: readonly string[]): boolean {
  const plain = bare(words)
  return answers.some((answer) => plain.includes(bare(answer)))
}

function bare(text: string): string {
  return text
    .replaceAll(/[’ʼ]/g, "'")
    .replaceAll(/\s+/g, '')
    .replaceAll(/(?<=\d)\.(?=\d{3}\b)/g, '')
    .toLowerCase()
}
