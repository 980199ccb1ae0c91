import type { Period } from '@passerelle/platform/graph'
import { InvalidInput } from '@passerelle/platform/schema'

interface PeriodArgs {
  since?: Date | null | undefined
  until?: Date | null | undefined
}

/** The arguments of whatever is asked for a time. */
export const periodWords = {
  since: 'From this moment on: of documents by when they came in, of records by when they last changed.',
  until: 'Before this moment.',
}

/** The time asked for, checked: it ends after it begins. */
export function requirePeriod({ since, until }: PeriodArgs): Period {
  if (since && until && since >= until) throw new InvalidInput('until is after since.', ['until'])
  return { ...(since && { since }), ...(until && { until }) }
}
