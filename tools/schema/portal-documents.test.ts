import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { buildSchema, getOperationAST, parse, validate } from 'graphql'
import { expect, test } from 'vitest'

const web = join(import.meta.dirname, '../../web/src')
const graph = join(import.meta.dirname, '../../graph-schema')
const contract = buildSchema(readFileSync(join(graph, 'client.graphql'), 'utf8'))

/** The documents of the web application by the names of their operations, as they are sent. */
const documents = new Map(
  Object.values(JSON.parse(readFileSync(join(graph, 'web-documents.json'), 'utf8')) as Record<string, string>).map(
    (text) => [getOperationAST(parse(text))?.name?.value ?? '', text],
  ),
)

const entries = globSync(['pages/portal/**/*.{vue,ts}', 'components/Portal/**/*.{vue,ts}'], {
  cwd: web,
  exclude: (name) => name.endsWith('.test.ts'),
}).map((file) => join(web, file))

/** The file that an import names, of those in `web/src`. */
function fileOf(name: string, from: string): string | undefined {
  const path = name.startsWith('@/')
    ? join(web, name.slice(2))
    : name.startsWith('.')
      ? join(dirname(from), name)
      : null
  return path
    ? globSync([path, `${path}.ts`, join(path, 'index.ts')]).find((each) => /\.(vue|ts)$/.test(each))
    : undefined
}

/** Every operation that the portal can send: those that it imports, and those of whatever it is made of. */
function operationsOfPortal(): Set<string> {
  const names = new Set<string>()
  const seen = new Set<string>()
  const look = (file: string): void => {
    if (seen.has(file) || file.startsWith(join(web, 'gql'))) return
    seen.add(file)
    const source = readFileSync(file, 'utf8')
    for (const [, words = '', name = ''] of source.matchAll(/import\s+(?!type)([^'"]*?)\s*(?:from\s*)?'([^']+)'/g)) {
      if (name === '@/gql/graphql') for (const [, of = ''] of words.matchAll(/(\w+)Document\b/g)) names.add(of)
      const next = fileOf(name, file)
      if (next) look(next)
    }
    for (const [, name = ''] of source.matchAll(/import\('([^']+)'\)/g)) {
      const next = fileOf(name, file)
      if (next) look(next)
    }
  }
  entries.forEach(look)
  return names
}

const operations = operationsOfPortal()

test('the portal sends what its own files ask, and what it shares with the application', () => {
  const own = globSync('**/Portal/**/*.graphql', { cwd: web }).flatMap((file) =>
    [...readFileSync(join(web, file), 'utf8').matchAll(/^(?:query|mutation|subscription) (\w+)/gm)].map(
      ([, name]) => name,
    ),
  )
  expect([...operations]).toEqual(expect.arrayContaining(own))
  expect([...operations]).toEqual(expect.arrayContaining(['LogOut', 'ChangePassword', 'OpenSessions']))
})

test.each([...operations].toSorted())('%s asks nothing that clients do not have', (name) => {
  const text = documents.get(name)
  expect(text).toBeDefined()
  expect(validate(contract, parse(text ?? '')).map(({ message }) => message)).toEqual([])
})
