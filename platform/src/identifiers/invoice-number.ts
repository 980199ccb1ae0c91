import type { Candidate, Family } from './candidate.ts'
import { foldText } from './folded-text.ts'
import { readLabelledToken, type Token } from './labelled-token.ts'

/** The printed form with one kind of dash, capitals and no space around its signs: "fa – 2024 / 12" is "FA-2024/12". */
function toInvoiceNumber(printed: string): string | null {
  const value = foldText(printed)
    .trim()
    .replace(/^(?:(?:FACTURE|INVOICE|AVOIR|N°|NO\.?|NUMERO|REF\.?)[ :.]*)+(?=.*\d)/, '')
  const key = value.replace(/ *([-/_.]) */g, '$1').replace(/ +/g, '-')
  return /^[A-Z0-9][A-Z0-9/_.-]{1,38}[A-Z0-9]$/.test(key) && /\d/.test(key) ? key : null
}

function isEnough({ value, digits, numbered }: Token): boolean {
  const signs = /[A-Z]/.test(value) || /[-/_]/.test(value)
  if (signs) return digits >= 2 && value.length >= 4
  return numbered ? digits >= 3 : digits >= 5
}

/** Invoice and credit note numbers have no check digit: they are found only behind their label. */
export const invoiceNumber: Family = {
  normalise: toInvoiceNumber,
  find({ text, folded, labels }) {
    const found: Candidate[] = []
    for (const group of labels.groups) {
      if (!group.kinds.includes('INVOICE_NUMBER')) continue
      const token = readLabelledToken({ text, folded }, group.end)
      const key = token && isEnough(token) ? toInvoiceNumber(token.value) : null
      if (token && key)
        found.push({
          kind: 'INVOICE_NUMBER',
          key,
          start: token.start,
          end: token.end,
          confidence: token.numbered ? 0.9 : 0.75,
        })
    }
    return found
  },
}
