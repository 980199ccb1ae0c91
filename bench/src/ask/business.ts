import { readFileSync } from 'node:fs'
import { asks, unanswerable, type Expected } from './business.questions.ts'
import type { Case } from './cases.ts'

const expectedFile = new URL('../../../tests/samples/business/expected.jsonl', import.meta.url)
const scansFile = new URL('../../../tests/samples/business/expected_scans.jsonl', import.meta.url)

interface Sample {
  file: string
  kind: string
  expected: Expected
}

/** Questions about the business samples: half of the wordings to tune with, half held back. */
export function businessCases(): Case[] {
  const lines = [expectedFile, scansFile].flatMap((file) => readFileSync(file, 'utf8').split('\n').filter(Boolean))
  const samples = lines.map((line) => JSON.parse(line) as Sample)
  const seen = new Set<string>()
  return samples.flatMap((sample): Case[] => {
    const about = asks[sample.kind]
    const ref = String(sample.expected[about?.ref ?? ''] ?? '')
    if (!about || seen.has(ref)) return []
    seen.add(ref)
    const answerable = about.asks.flatMap((ask) => {
      const answers = ask.of(sample.expected)
      return answers ? toCases(sample, { ...ask, ref, answers }) : []
    })
    const none = unanswerable[sample.kind]
    return [...answerable, ...(none ? toCases(sample, { ...none, ref, answers: null }) : [])]
  })
}

interface Wordings {
  tuned: string[]
  held: string[]
  ref: string
  answers: string[] | null
}

function toCases(sample: Sample, { ref, answers, ...wordings }: Wordings): Case[] {
  return (['tuned', 'held'] as const).flatMap((set) =>
    wordings[set].map((wording) => ({
      question: fill(wording, { sample, ref }),
      answers,
      document: sample.file,
      set,
      group: sample.kind,
    })),
  )
}

function fill(wording: string, { sample, ref }: { sample: Sample; ref: string }): string {
  const { kind, expected } = sample
  const named = kind === 'credit_note' ? toCreditNote(wording) : wording
  return named
    .replaceAll('{ref}', ref)
    .replaceAll('{wrong}', toOtherReference(ref))
    .replaceAll('{seller}', expected.seller?.name ?? '')
    .replaceAll('{buyer}', expected.buyer?.name ?? '')
    .replaceAll('{line}', expected.lines?.[0]?.name ?? '')
}

function toCreditNote(wording: string): string {
  return wording
    .replace('de la facture', "de l'avoir")
    .replace('la facture', "l'avoir")
    .replace('invoice', 'credit note')
}

/** A reference that differs in two of its digits. */
function toOtherReference(ref: string): string {
  return ref
    .replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 4) % 10))
    .replace(/\d(?=\d{2}\D*$)/, (digit) => String((Number(digit) + 3) % 10))
}
