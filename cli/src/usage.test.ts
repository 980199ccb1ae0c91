import { expect, test } from 'vitest'
import { correct, USAGE } from './usage.ts'

test('says how a verb is written that is given too little or too much, and lists all for one that there is not', () => {
  expect(correct(['backup'])).toBe(
    '“backup” is not how it is written:\n\n  backup FOLDER    copy everything into a new folder: rows, files and secrets, also while it runs',
  )
  const plan = correct(['plan', 'org_a'])
  expect(plan).toMatch(
    /^“plan org_a” is not how it is written:\n\n {2}plan \[ORGANISATION \[PLAN .*\n.*list the plans .*$/,
  )
  expect(correct(['doctor', '--json'])).toContain('  doctor           say what works')
  for (const words of [['frog'], ['--version'], ['back'], ['']])
    expect(correct(words)).toBe(`There is no “${words[0]}”.\n\n${USAGE}`)
})
