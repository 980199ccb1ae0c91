import type { Candidate, Family } from './candidate.ts'
import { compact } from './folded-text.ts'
import { readThrough } from './reading.ts'

// INSEE code of the town (Corsica has 2A and 2B), six digits of order, two signs of control that the towns do not publish a rule for.
const shape = /^(?:\d{5}|2[AB]\d{3})\d{6}[0-9A-Z]{2}$/

/** Registration numbers of French short-term rentals: 13 characters, found only after their label. */
export const registrationNumber: Family = {
  normalise(printed) {
    const value = compact(printed).replace(/^N(?:O|UMERO)?D?ENREGISTREMENT/, '')
    return shape.test(value) ? value : null
  },
  find({ folded, labels }) {
    const found: Candidate[] = []
    for (const group of labels.groups) {
      if (!group.kinds.includes('REGISTRATION_NUMBER')) continue
      const next = /[0-9]/.exec(folded.slice(group.end, group.end + 40))
      const start = group.end + (next?.index ?? 0)
      const read =
        next && !/\n.*\n/.test(folded.slice(group.end, start)) ? readThrough(folded, { from: start, count: 13 }) : null
      const key = read && registrationNumber.normalise(read.value)
      if (read && key) found.push({ kind: 'REGISTRATION_NUMBER', key, start, end: read.end, confidence: 0.9 })
    }
    return found
  },
}
