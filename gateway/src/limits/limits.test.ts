import { getIntrospectionQuery, parse, validate, visit } from 'graphql'
import { expect, test } from 'vitest'
import { openTown } from '../testing/open-town.ts'
import { createDocuments } from '../documents.ts'
import { openLimits } from './check.ts'

const { apiSchema } = openTown().engine
const limits = openLimits(apiSchema)
const documents = createDocuments(apiSchema, limits)
const codes = (text: string): unknown[] => {
  const result = documents.fromText(text)
  return 'kind' in result ? [] : result.map(({ extensions }) => extensions.what ?? extensions.code)
}

test('lets through what an application asks for, and questions about the schema', () => {
  expect(codes(getIntrospectionQuery())).toEqual([])
  expect(
    codes('{ viewer { documents { nodes { about { ... on Parcel { owner { documents { nodes { title } } } } } } } } }'),
  ).toEqual([])
})

test('refuses what is too deep, has too many aliases or directives', () => {
  expect(codes(`{ viewer { ${'boss { '.repeat(20)} id ${'}'.repeat(20)} } }`)).toEqual(['depth'])
  expect(codes(`{ ${Array.from({ length: 61 }, (_, n) => `a${n}: viewer { id }`).join(' ')} }`)).toEqual(['aliases'])
  expect(codes(`query($a: Boolean!) { ${'viewer @skip(if: $a) { id } '.repeat(61)} }`)).toEqual(['directives'])
})

test('holds on to no token of what it has read, comments least of all, and still says where a fault is', () => {
  const document = documents.fromText(`${'#\n'.repeat(40_000)}query { viewer { id } }`)
  if (!('kind' in document)) throw new Error('This may run.')
  const tokens: unknown[] = []
  visit(document, { enter: ({ loc }) => void tokens.push(loc?.startToken, loc?.endToken) })
  expect(tokens.length).toBeGreaterThan(8)
  expect(tokens.filter((token) => token !== undefined)).toEqual([])
  const faults = documents.fromText('query {\n  viewer { nonsense }\n}')
  expect(JSON.parse(JSON.stringify(faults))).toMatchObject([{ locations: [{ line: 2, column: 12 }] }])
})

test('refuses a small document that unfolds into millions of fields', () => {
  const fragments = Array.from(
    { length: 30 },
    (_, n) => `fragment F${n} on User { boss { ...F${n + 1} } friend: boss { ...F${n + 1} } }`,
  )
  const bomb = `{ viewer { ...F0 } } ${fragments.join(' ')} fragment F30 on User { id }`
  expect(codes(bomb)).toContain('fields')
})

test('refuses a document that repeats itself so often that validating it would take long', () => {
  expect(codes(`{ viewer { ${'...on User { id boss { id } } '.repeat(200)} } }`)).toEqual(['overlaps'])
  expect(codes(`{ ${'viewer { id } '.repeat(101)} }`)).toEqual(['overlaps'])
  expect(codes('{ viewer { ...A } } fragment A on User { boss { ...A } friend: boss { ...A } }')).toEqual(['overlaps'])
})

test('refuses a document of too many tokens without reading it to its end', () => {
  expect(codes(`{ viewer { ${'id '.repeat(6000)} } }`)).toEqual(['tokens'])
})

test('comes to an end with fragments that contain each other', () => {
  expect(codes('{ viewer { ...A } } fragment A on User { ...B } fragment B on User { ...A }')).toEqual([
    'GRAPHQL_VALIDATION_FAILED',
  ])
})

test('counts the objects that nested lists may hold, with the sizes that the variables say', () => {
  const document = parse('query($n: Int = 10) { users(first: $n) { parcels(first: $n) { events(first: $n) { at } } } }')
  expect(validate(apiSchema, document)).toEqual([])
  expect(limits.check({ document }).faults).toEqual([])
  expect(limits.check({ document, variables: { n: 20 } }).faults).toEqual([])
  expect(limits.check({ document, variables: { n: 100 } }).faults).toMatchObject([
    { extensions: { code: 'OPERATION_TOO_LARGE', what: 'objects' } },
  ])
})

test('counts a list without pages that is known to be long as that long, and any other as a few', () => {
  const known = openLimits(
    apiSchema,
    new Map([
      ['Query.parties', 400],
      ['DocumentList.nodes', 400],
    ]),
  )
  const few = parse('{ parties { id } }')
  expect(limits.check({ document: few })).toEqual({ faults: [], cost: 4 })
  expect(known.check({ document: few })).toEqual({ faults: [], cost: 401 })
  const many = parse('{ users(first: 100) { documents { nodes { title } } } }')
  expect(limits.check({ document: many }).faults).toEqual([])
  expect(known.check({ document: many }).faults).toMatchObject([{ extensions: { what: 'objects' } }])
})

test('refuses a page beyond the maximum, given or by variable', () => {
  const refusals = (text: string, variables = {}) =>
    limits.check({ document: parse(text), variables }).faults.map(({ message }) => message)
  expect(refusals('{ users(first: 301) { id } }')).toEqual([
    'users: first is at most 300; ask for the rest page by page.',
  ])
  expect(refusals('query($n: Int) { users(first: $n) { id } }', { n: 5000 })).toHaveLength(1)
  expect(refusals('query($n: Int) { users(first: $n) { id } }')).toEqual([])
})

test('keeps the parsed document of a text, so that its plan is found again', () => {
  expect(documents.fromText('{ viewer { id } }')).toBe(documents.fromText('{ viewer { id } }'))
})
