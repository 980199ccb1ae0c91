import { expect, it } from 'vitest'
import { gradeOf } from './strength'

it.each([
  ['court', 'SHORT'],
  ['motdepasse1234', 'WEAK'],
  ['azertyuiopqsdfgh', 'WEAK'],
  ['aaaaaaaaaaaaaaaa', 'WEAK'],
  ['une phrase à retenir', 'STRONG'],
] as const)('grades %s as %s', (password, grade) => {
  expect(gradeOf(password)).toBe(grade)
})
