import { sentences } from '@passerelle/platform/text'

/** A sentence that a model wrote, and the numbers of the passages that it names for it. */
export interface Marked {
  text: string
  numbers: number[]
}

const mark = /\s*\[\d+(?:\s*,\s*\d+)*\]/g
/** What may become a mark when more has come. */
const beginning = /\s*(?:\[[\d\s,]*)?$/

/**
 * Passes a model's words on without the marks in them, as soon as they cannot become a mark any more. What it passed on in all, trimmed,
 * is `withoutMarks` of all that was written.
 */
export function createMarkFilter(emit: (text: string) => void): { write(text: string): void; end(): void } {
  let held = ''
  let begun = false
  function pass(text: string): void {
    const words = begun ? text : text.trimStart()
    if (words === '') return
    begun = true
    emit(words)
  }
  return {
    write(text) {
      held = (held + text).replaceAll(mark, '')
      const safe = held.search(beginning)
      pass(held.slice(0, safe))
      held = held.slice(safe)
    },
    end() {
      pass(held.replaceAll(mark, '').trimEnd())
      held = ''
    },
  }
}

/** A model's words without the marks in them. */
export function withoutMarks(text: string): string {
  return text.replaceAll(mark, '').trim()
}

/** The sentences of a model's answer, each with the marks behind it; sentences before a mark share it, as models mean it. */
export function splitMarked(text: string): Marked[] {
  const parts = text.matchAll(/((?:(?!\s*\[\d)[\s\S])+)((?:\s*\[\d+(?:\s*,\s*\d+)*\])*)(\s*[.!?…]+)?/g)
  return [...parts].flatMap(([, words = '', marks = '', stop = '']) => {
    const numbers = [...marks.matchAll(/\d+/g)].map(([number]) => Number(number))
    return sentences(words.trim() + stop.trim()).map((sentence) => ({
      text: sentence.text.replaceAll(/\s+/g, ' '),
      numbers,
    }))
  })
}
