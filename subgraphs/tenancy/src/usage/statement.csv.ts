import { toCsvLine } from '@passerelle/platform/text'
import { inWords, statementWords } from './statement.words.ts'
import type { Statement, StatementLanguage } from './statement.ts'

/** The statement as a table (RFC 4180, UTF-8 with its mark so that spreadsheets read accents): a line for each day and measure, then the month. */
export function toStatementCsv({ organization, month, days, totals }: Statement, language: StatementLanguage): string {
  const words = statementWords[language]
  const lines = [
    [words.organization, words.day, words.what, words.used, words.unit],
    ...days.map(({ day, metric, used }) => [organization, day, ...amount(metric, used)]),
    ...totals.map(({ metric, used }) => [organization, month, ...amount(metric, used)]),
  ]
  return `\ufeff${lines.map(toCsvLine).join('')}`

  function amount(metric: Statement['totals'][number]['metric'], used: number): (string | number)[] {
    return [words.metrics[metric].name, inWords(metric, used), words.metrics[metric].unit]
  }
}
