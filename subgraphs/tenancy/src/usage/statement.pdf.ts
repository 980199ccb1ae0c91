import type { Readable } from 'node:stream'
import { metrics, type Metric } from '@passerelle/platform/usage'
import PDFDocument from 'pdfkit'
import { inWords, statementWords } from './statement.words.ts'
import type { Statement, StatementLanguage } from './statement.ts'

const ink = '#111827'
const faint = '#6b7280'
const rule = '#d1d5db'
const margin = 56

/** The statement as a tagged PDF (A4), a stream that ends with the document. */
export function toStatementPdf(statement: Statement, language: StatementLanguage): Readable {
  const words = statementWords[language]
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB'
  const pdf = new PDFDocument({
    size: 'A4',
    margin,
    lang: locale,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    info: { Title: `${words.title} ${statement.month}`, Author: 'Passerelle', CreationDate: statement.madeAt },
  })
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 })
  const monthName = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(
    new Date(`${statement.month}-01`),
  )
  const madeAt = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' })
  const dayName = new Intl.DateTimeFormat(locale, { day: '2-digit', month: 'short', timeZone: 'UTC' })
  // The built-in fonts do not know the narrow space that French numbers are written with.
  const plain = (text: string): string => text.replaceAll('\u202f', '\u00a0')

  pdf.font('Helvetica-Bold').fontSize(20).fillColor(ink).text(words.title, { structType: 'H1' })
  pdf.moveDown(0.5)
  const facts = [
    [words.organization, statement.organization],
    [words.month, monthName],
    [words.plan, statement.plan],
    [words.madeAt, madeAt.format(statement.madeAt)],
  ] as const
  for (const [name, value] of facts)
    pdf
      .font('Helvetica')
      .fontSize(10)
      .fillColor(faint)
      .text(`${name} : `, { continued: true })
      .fillColor(ink)
      .text(plain(value))
  pdf.moveDown(1)
  const amount = (metric: Statement['totals'][number]['metric'], used: number): string =>
    plain(number.format(inWords(metric, used)))
  table(pdf, ['*', 90, 80], {
    head: [words.what, words.used, words.unit],
    rows: statement.totals.map(({ metric, used }) => [
      words.metrics[metric].name,
      amount(metric, used),
      words.metrics[metric].unit,
    ]),
    numbers: [1],
  })
  pdf.moveDown(1.5)
  pdf.font('Helvetica-Bold').fontSize(13).fillColor(ink).text(words.byDay, margin, undefined, { structType: 'H2' })
  pdf.moveDown(0.5)
  if (statement.days.length === 0) pdf.font('Helvetica').fontSize(10).text(words.none)
  else
    table(pdf, [64, ...metrics.map(() => '*' as const)], {
      head: [words.day, ...metrics.map((metric) => words.metrics[metric].unit)],
      rows: byDay(statement.days).map(([day, used]) => [
        dayName.format(new Date(day)),
        ...metrics.map((metric) => (used.has(metric) ? amount(metric, used.get(metric) ?? 0) : '')),
      ]),
      numbers: metrics.map((_, index) => index + 1),
    })
  pdf.end()
  return pdf
}

/** The measures of each day, in order. */
function byDay(days: Statement['days']): [string, Map<Metric, number>][] {
  const found = new Map<string, Map<Metric, number>>()
  for (const { day, metric, used } of days)
    found.set(day, (found.get(day) ?? new Map<Metric, number>()).set(metric, used))
  return [...found]
}

function table(
  pdf: PDFKit.PDFDocument,
  columns: readonly ('*' | number)[],
  {
    head,
    rows,
    numbers,
  }: { head: readonly string[]; rows: readonly (readonly string[])[]; numbers: readonly number[] },
): void {
  const cell = (text: string, index: number) => ({
    text,
    align: { x: numbers.includes(index) ? ('right' as const) : ('left' as const), y: 'center' as const },
  })
  pdf.font('Helvetica').fontSize(9).fillColor(ink)
  pdf.table({
    columnStyles: [...columns],
    defaultStyle: { border: [0, 0, 0.5, 0], borderColor: rule, padding: 5 },
    data: [
      head.map((text, index) => ({ ...cell(text, index), type: 'TH' as const, textColor: faint })),
      ...rows.map((cells) => cells.map(cell)),
    ],
  })
}
