import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { sealedTables } from '../cli/src/subgraphs.ts'
import { audit as english } from '../web/src/i18n/en/audit.ts'
import { privacy as englishPrivacy } from '../web/src/i18n/en/privacy.ts'
import { audit as french } from '../web/src/i18n/fr/audit.ts'
import { privacy as frenchPrivacy } from '../web/src/i18n/fr/privacy.ts'

const root = new URL('../', import.meta.url)
const sources = globSync(['platform/src/**/*.ts', 'subgraphs/*/src/**/*.ts', 'cli/src/**/*.ts'], { cwd: root }).filter(
  (path) => !/\.(test|contract|cases|testing)\.ts$/.test(path),
)

/** What a file writes into the audit log: actions that stand on a line that says so, and the steps of requests about personal data. */
function auditedIn(path: string): string[] {
  const text = readFileSync(new URL(path, root), 'utf8')
  const lines = text.split('\n').filter((line) => /\b(action|how)\??: /.test(line))
  const named = [...lines.join('\n').matchAll(/'([a-z_]+\.[a-z_]+)'/g)].flatMap(([, action = '']) => action)
  const steps = path.includes('/personal-data/') ? [...text.matchAll(/\btell\(tx, '([a-z_]+)'/g)] : []
  return [...named, ...steps.flatMap(([, step = '']) => `privacy_request.${step}`)]
}

test('everything that is audited has words in both languages', () => {
  const audited = new Set(sources.flatMap(auditedIn))
  expect(audited.size).toBeGreaterThan(60)
  for (const words of [french.auditAction, english.auditAction]) {
    const known = new Set(
      Object.entries(words).flatMap(([noun, done]) => Object.keys(done).map((word) => `${noun}.${word}`)),
    )
    expect([...audited].filter((action) => !known.has(action)).sort()).toEqual([])
  }
})

test('every table that is sealed has a name in both languages', () => {
  for (const { privacy } of [frenchPrivacy, englishPrivacy]) {
    const known = new Set(Object.keys(privacy.stores))
    expect(sealedTables.map(({ name }) => name.replace('.', '_')).filter((name) => !known.has(name))).toEqual([])
  }
})
