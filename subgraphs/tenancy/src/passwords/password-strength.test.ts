import { expect, test } from 'vitest'
import { findWeakness } from './password-strength.ts'

test.each([
  ['repeats itself', 'aaaaaaaaaaaa'],
  ['repeats itself', 'trustno1trustno1'],
  ['counts or spells', 'abcdefghijklm'],
  ['common', 'motdepasse1234'],
  ['common', 'Password1234!'],
  ['common', '123456789012'],
  ['your own name', 'lovelace-sud'],
  ['your own name', 'ada.lovelace'],
])('a password that %s is told to be easy to guess: %s', async (reason, password) => {
  const about = ['Ada Lovelace', 'ada.lovelace@fret-sud.fr', 'Fret Sud']
  expect(await findWeakness(password, about)).toContain(reason)
})

test.each(['un long mot de passe', 'correct horse battery staple', 'Zx9!kq-72Lm#', 'une phrase à retenir'])(
  'a password that takes long to guess is taken: %s',
  async (password) => {
    expect(await findWeakness(password, ['Ada'])).toBeNull()
  },
)
