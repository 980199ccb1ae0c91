import { expect, test } from 'vitest'
import { completeQuestion } from './followup.ts'
import type { Turn } from './turns.ts'

const said = (...questions: string[]): Turn[] =>
  questions.flatMap((text): Turn[] => [
    { role: 'user', text, at: '2026-01-01T00:00:00Z' },
    { role: 'assistant', text: '…', at: '2026-01-01T00:00:00Z' },
  ])

test('the same is asked of another document', () => {
  const completed = completeQuestion('Et pour la facture FA-12 ?', said("Quelle est l'échéance de la facture FA-11 ?"))
  expect(completed).toContain('échéance')
  expect(completed).toContain('FA-12')
  expect(completed).not.toContain('FA-11')
})

test('something else is asked of the same document', () => {
  expect(completeQuestion('Et son échéance ?', said('Quel est le total de la facture FA-11 ?'))).toBe(
    'Et son échéance ? (FA-11)',
  )
  expect(completeQuestion('What is its due date?', said('What is the total of invoice FA-11?'))).toBe(
    'What is its due date? (FA-11)',
  )
})

test('a follow-up of a follow-up still knows what it is about', () => {
  const turns = said('Quel est le total de la facture FA-11 ?', 'Et son échéance ?', 'Et pour FA-12 ?')
  const completed = completeQuestion('Et son numéro de commande ?', turns)
  expect(completed).toContain('FA-12')
  expect(completed).not.toContain('FA-11')
})

test('a question that says everything itself is left as it is', () => {
  const turns = said('Quel est le total de la facture FA-11 ?')
  for (const question of [
    'Quelle est la caution de la villa ?',
    'Et quel est le total de la facture FA-12 ?',
    'Qui est le client de BL-7 ?',
  ])
    expect(completeQuestion(question, turns)).toBe(question)
  expect(completeQuestion('Et son échéance ?', [])).toBe('Et son échéance ?')
})
