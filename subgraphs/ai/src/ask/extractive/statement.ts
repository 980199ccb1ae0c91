import type { Span } from './lines.ts'

/** Something a passage says that can be quoted: a sentence, a line, a label with its value, a row of a table. */
export interface Statement {
  /** What is quoted, in the order in which it is said; a label and its value may stand apart. */
  spans: Span[]
  /** What tells what it is about: heading, heads of the columns, sentences beside it. */
  near: Span[]
  /** How many lines or sentences it takes. */
  size: number
  /** True for a sentence; it says something even when it only repeats what is asked. */
  prose?: boolean
  /** How little it says by itself, 0 to 1: a heading names what others say, a label needs its value. */
  bare: number
}
