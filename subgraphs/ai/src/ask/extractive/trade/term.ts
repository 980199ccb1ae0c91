import type { Form } from '../forms.ts'

/** A thing of the trade that people ask for in other words than documents say it in. All patterns are of folded text. */
export interface TradeTerm {
  /** How questions name it. */
  asked: RegExp
  /** How documents name it, the surest first. */
  said: RegExp[]
  /** What form its value has, when the question does not tell. */
  form?: Form
  /** What to search for besides the question's own words: the words of documents, in both languages. */
  find: string
}

interface Naming {
  asked: string[]
  said: string[]
  find?: string
  form?: Form
}

/** A thing of the trade from patterns that begin at a word: alternatives in `asked`, alternatives of falling surety in `said`. */
export function term({ asked, said, find = '', form }: Naming): TradeTerm {
  const pattern = (source: string): RegExp => new RegExp(`(?<![a-z0-9])(?:${source})`, 'g')
  return { asked: pattern(asked.join('|')), said: said.map(pattern), find, ...(form && { form }) }
}
