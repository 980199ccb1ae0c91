import { diffWordsWithSpace } from 'diff'
import type { Job } from './job.ts'

export type DiffKind = 'SAME' | 'REMOVED' | 'ADDED'

/** A stretch of two texts: in both, only in the first, or only in the second. */
export interface DiffPart {
  kind: DiffKind
  text: string
}

export interface JobComparison {
  left: Job
  right: Job
  output: DiffPart[]
  /** Share of the letters of both texts that they have in common, 0 to 1. */
  similarity: number
}

/** Two texts that differ in more words than this are shown one after the other: finding what they share would keep others waiting. */
const mostEdits = 4_000

/** Holds the answers of two calls against each other, word by word. */
export function compareJobs(left: Job, right: Job): JobComparison {
  const output = compareTexts(left.output ?? '', right.output ?? '')
  const lengthOf = (kind: DiffKind): number =>
    output.reduce((sum, part) => sum + (part.kind === kind ? part.text.length : 0), 0)
  const common = 2 * lengthOf('SAME')
  const all = common + lengthOf('REMOVED') + lengthOf('ADDED')
  return { left, right, output, similarity: all === 0 ? 1 : common / all }
}

function compareTexts(before: string, after: string): DiffPart[] {
  const changes = diffWordsWithSpace(before, after, { maxEditLength: mostEdits })
  if (!changes)
    return [
      { kind: 'REMOVED', text: before },
      { kind: 'ADDED', text: after },
    ]
  return changes
    .filter(({ value }) => value !== '')
    .map(({ added, removed, value }) => ({ kind: added ? 'ADDED' : removed ? 'REMOVED' : 'SAME', text: value }))
}
