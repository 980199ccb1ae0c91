import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { sample } from './papers.ts'

/** Tells how many of the values that are printed on a sample stand in a text, and how many there are. */
export type CountValues = (path: string, text: string) => { found: number; printed: number }

/** Reads what is printed on the scans and photographs among the samples. Spaces and the marks between figures do not count, nor do dates. */
export async function loadValues(): Promise<CountValues> {
  const lines = (await readFile(sample('business/expected_scans.jsonl'), 'utf8')).trim().split('\n')
  const values = new Map(
    lines.map((line) => {
      const { file, expected }: { file: string; expected: Record<string, unknown> } = JSON.parse(line)
      const { document_type: _type, currency: _currency, issue_date: _issued, due_date: _due, ...printed } = expected
      return [file, leavesOf(printed).map(plain)]
    }),
  )
  return (path, text) => {
    const printed = values.get(basename(path)) ?? []
    const all = plain(text)
    return { found: printed.filter((value) => all.includes(value)).length, printed: printed.length }
  }
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf)
  // Amounts are printed with two decimals, but quantities and rates are not: their decimals are left to stand or not.
  return [typeof value === 'number' && !Number.isInteger(value) ? value.toFixed(2) : String(value)]
}

const plain = (text: string) => text.replaceAll(/[\s.,'’]/g, '')
