import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { factCatalogue, isFactPattern, matchesFact, quietFacts } from '../platform/src/facts/catalogue.ts'

const root = new URL('../', import.meta.url)
const sources = globSync(['platform/src/**/*.ts', 'subgraphs/*/src/**/*.ts'], { cwd: root }).filter(
  (path) => !/\.(test|contract|cases|testing)\.ts$/.test(path),
)

/** What is published: types that stand beside a payload, and all that a file of facts names. */
function publishedIn(path: string): string[] {
  const text = readFileSync(new URL(path, root), 'utf8')
  const beside = [...text.matchAll(/type: '([a-z_]+\.[a-z_]+)', payload/g)]
  const named = path.endsWith('.facts.ts') ? [...text.matchAll(/(?:: |= )'([a-z_]+\.[a-z_]+)'/g)] : []
  return [...beside, ...named].flatMap(([, type = '']) => type)
}

/** The names of durable readers look like facts. */
const consumers = new Set(sources.flatMap((path) => readersIn(path)))

function readersIn(path: string): string[] {
  const text = readFileSync(new URL(path, root), 'utf8')
  return [...text.matchAll(/(?:name: |[cC]onsumer = )'([a-z_]+\.[a-z_]+)'/g)].flatMap(([, name = '']) => name)
}

test('every fact of the house can be heard by a webhook, or says why it is quiet', () => {
  const published = new Set(sources.flatMap(publishedIn).filter((type) => !consumers.has(type)))
  expect(published.size).toBeGreaterThan(30)
  const known = new Set([...factCatalogue.map(({ type }) => type), ...quietFacts])
  expect([...published].filter((type) => !known.has(type))).toEqual([])
})

test('a type, all of a noun and all there are can be asked for; what nothing is of cannot', () => {
  for (const pattern of ['shipment.created', 'shipment.*', '*'])
    expect([pattern, isFactPattern(pattern)]).toEqual([pattern, true])
  for (const pattern of [
    'shipment',
    'shipment.',
    'ship*',
    'nothing.*',
    '.*',
    '',
    'shipment.exploded',
    'notification.created',
  ])
    expect([pattern, isFactPattern(pattern)]).toEqual([pattern, false])
  expect(matchesFact(['shipment.*'], 'shipment.created')).toBe(true)
  expect(matchesFact(['shipment.*', 'client.created'], 'client.updated')).toBe(false)
})
