import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { renderMetrics } from '../platform/src/telemetry/telemetry.ts'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const named = (text: string) => new Set(text.match(/passerelle_[a-z0-9_]+/g))

test('dashboards and alerts ask for figures that the processes tell', async () => {
  const { text } = await renderMetrics()
  const told = new Set(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : name,
    ),
  )
  // Looked up when somebody asks, by the processes that have what they tell of.
  const lookedUp = globSync('cli/src/**/*.ts', { cwd: root })
    .map(read)
    .join('\n')
    .matchAll(/gaugeOf\(\{ name: '(\w+)'/g)
  for (const [, name = ''] of lookedUp) told.add(name)
  const files = ['ops/prometheus/alerts.yml', ...globSync('ops/grafana/dashboards/*.json', { cwd: root })]
  for (const file of files) {
    for (const name of named(read(file)).difference(new Set(['passerelle_'])))
      expect(told.has(name), `${name} of ${file}`).toBe(true)
  }
})

test('every figure of ours is on a dashboard or in an alert', async () => {
  const { text } = await renderMetrics()
  const shown = ['ops/prometheus/alerts.yml', ...globSync('ops/grafana/dashboards/*.json', { cwd: root })]
    .map(read)
    .join('\n')
  const own = [...text.matchAll(/^# TYPE (\S+)/gm)]
    .map(([, name = '']) => name)
    .filter((name) => !/_(nodejs|process)_/.test(name))
  expect(own.filter((name) => !shown.includes(name))).toEqual([])
})

test('Compose starts every process with a verb that there is, and gives it a limit', () => {
  const compose = read('docker-compose.yml')
  const verbs = [...compose.matchAll(/command: \[(gateway|worker|migrate|subgraph, (\w+))\]/g)].map(([, verb]) => verb)
  const subgraphs = globSync('subgraphs/*', { cwd: root }).map((folder) => folder.replace('subgraphs/', 'subgraph, '))
  expect(new Set(verbs)).toEqual(new Set(['gateway', 'worker', 'migrate', ...subgraphs]))
  const services = compose.slice(compose.indexOf('\nservices:\n'), compose.indexOf('\nnetworks:\n'))
  const blocks = services.split(/\n(?= {2}\w+:)/).slice(1)
  for (const block of blocks) {
    expect(/limits:|\*small/.test(block), block.split('\n')[0]).toBe(true)
    expect(/healthcheck:|\*process/.test(block), block.split('\n')[0]).toBe(true)
  }
})

test('Compose hands over every setting that the processes know, none that they do not, and no secret that is not made', () => {
  const compose = read('docker-compose.yml')
  const engines = compose.slice(compose.indexOf('x-engines:'), compose.indexOf('x-process:'))
  const settings = globSync('cli/src/env/*.ts', { cwd: root }).map(read).join('\n')
  const names = [...engines.matchAll(/^ {2}([A-Z_]+):/gm)].map(([, name = '']) => name.replace(/_FILE$/, ''))
  // A mapping that has a name twice is none: Compose refuses the file.
  expect(names).toEqual([...new Set(names)])
  const unknown = names.filter((name) => !settings.includes(name) && !/^(NODE_ENV|SUBGRAPH_[A-Z]+_URL)$/.test(name))
  expect(unknown).toEqual([])
  const known = [...settings.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name = '']) => name)
  const elsewhere =
    /^(PASSERELLE_DEMO\w*|PASSERELLE_MASTER_KEY_(URL|TOKEN)|SQL_LISTEN_URL|SQL_OWNER_\w+|VECTORS_COLLECTION)$/
  expect(known.filter((name) => !names.includes(name) && !elsewhere.test(name))).toEqual([])
  const made = read('ops/prepare.sh')
  const files = [...compose.matchAll(/\.\/ops\/secrets\/([\w.]+)/g)].map(([, file = '']) => file)
  expect(files.filter((file) => !made.includes(file))).toEqual([])
})
