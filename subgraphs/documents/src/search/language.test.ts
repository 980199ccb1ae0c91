import { expect, test } from 'vitest'
import { detectLanguage } from './language.ts'

test.each([
  ['Le transporteur a livré douze palettes à l’entrepôt de Nantes hier matin.', 'fr'],
  ['The carrier delivered twelve pallets to the warehouse in Nantes yesterday.', 'en'],
  ['Der Lieferant hat die Waren am Montag geliefert und die Rechnung gestellt.', null],
  ['BL-54550', null],
  ['', null],
  ['12 345,67 € 12/03/2024 18:30 '.repeat(20), null],
])('"%s" is written in %s', (text, language) => {
  expect(detectLanguage(text)).toBe(language)
})
