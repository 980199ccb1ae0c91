import type { Candidate, Family } from './candidate.ts'

const local = /^[a-z0-9](?:[a-z0-9._%+'-]{0,62}[a-z0-9_%+-])?$/
const domain = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/

/** An e-mail address in lower case, or null. */
function toEmail(value: string): string | null {
  const lower = value.toLowerCase()
  const at = lower.lastIndexOf('@')
  const name = lower.slice(0, at)
  return at > 0 && local.test(name) && !name.includes('..') && domain.test(lower.slice(at + 1)) ? lower : null
}

function edge(folded: string, from: number, step: 1 | -1): number {
  const allowed = step === 1 ? /[A-Z0-9.-]/ : /[A-Z0-9._%+'-]/
  const most = step === 1 ? 253 : 64
  let offset = from
  while (Math.abs(offset - from) < most && allowed.test(folded[offset + step] ?? ' ')) offset += step
  while (offset !== from && /[.'-]/.test(folded[offset] ?? '')) offset -= step
  return offset
}

/** E-mail addresses, found around their @. */
export const email: Family = {
  normalise: (printed) => toEmail(printed.trim().replace(/^mailto:/i, '')),
  find({ folded }) {
    const found: Candidate[] = []
    for (let at = folded.indexOf('@'); at !== -1; at = folded.indexOf('@', at + 1)) {
      const start = edge(folded, at, -1)
      const end = edge(folded, at, 1) + 1
      const key = toEmail(folded.slice(start, end))
      if (key) found.push({ kind: 'EMAIL', key, start, end, confidence: 0.99 })
    }
    return found
  },
}
