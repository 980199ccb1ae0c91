import { createHash } from 'node:crypto'

/** A request that asks for too much, or is none; and the code that it is refused with. */
export interface Abuse {
  name: string
  code: string
  body: unknown
  headers?: Record<string, string>
}

const repeated = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join(' ')
const nested = (count: number, open: string, inner: string): string =>
  `${open.repeat(count)}${inner}${'}'.repeat(count)}`

const query = (text: string, variables?: unknown): { query: string; variables?: unknown } =>
  variables === undefined ? { query: text } : { query: text, variables }

/** Whose hash somebody claims another text to have. */
const victim = '{ viewer { id } }'

const deep: Abuse[] = [
  { name: 'fifty levels', code: 'OPERATION_TOO_LARGE', body: query(`{ viewer { ${nested(50, 'boss { ', 'id ')} } }`) },
  { name: 'a thousand levels', code: 'OPERATION_TOO_LARGE', body: query(nested(1_000, '{ boss ', '{ id }')) },
  { name: 'a hundred thousand braces', code: 'GRAPHQL_PARSE_FAILED', body: query('{'.repeat(99_000)) },
  {
    name: 'sixty selections inside each other without a field between them',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ viewer { ${nested(60, '... { ', 'id ')} } }`),
  },
  {
    name: 'levels by fragments',
    code: 'OPERATION_TOO_LARGE',
    body: query(
      `{ viewer { ...F0 } } ${repeated(60, (n) => `fragment F${n} on User { boss { ...F${n + 1} } }`)} fragment F60 on User { id }`,
    ),
  },
]

const wide: Abuse[] = [
  {
    name: 'five hundred aliases',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ ${repeated(500, (n) => `a${n}: viewer { id }`)} }`),
  },
  {
    name: 'the same field again and again',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ ${repeated(999, () => 'viewer { id }')} }`),
  },
  { name: 'names of types', code: 'OPERATION_TOO_LARGE', body: query(`{ ${repeated(4_000, () => '__typename')} }`) },
  {
    name: 'twenty thousand fields',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ viewer { ${'id '.repeat(20_000)} } }`),
  },
  {
    name: 'five hundred directives',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ viewer ${'@skip(if: false) '.repeat(500)} { id } }`),
  },
  {
    name: 'directives that there are not',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ viewer ${'@a '.repeat(2_000)} { id } }`),
  },
  {
    name: 'directives at the operation',
    code: 'OPERATION_TOO_LARGE',
    body: query(`query ${'@a '.repeat(2_000)} { viewer { id } }`),
  },
  {
    name: 'a thousand operations',
    code: 'OPERATION_TOO_LARGE',
    body: query(repeated(500, (n) => `query Q${n} { viewer { id } }`)),
  },
  { name: 'answers in parts', code: 'GRAPHQL_VALIDATION_FAILED', body: query('{ viewer { ... @defer { id } } }') },
  {
    name: 'lists in parts',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query('{ users @stream(initialCount: 1) { id } }'),
  },
]

const fragments: Abuse[] = [
  {
    name: 'a fragment inside itself',
    code: 'OPERATION_TOO_LARGE',
    body: query('{ viewer { ...A } } fragment A on User { boss { ...A } }'),
  },
  {
    name: 'a ring of fragments',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ viewer { ...F0 } } ${repeated(90, (n) => `fragment F${n} on User { ...F${(n + 1) % 90} }`)}`),
  },
  {
    name: 'two to the power of thirty fields',
    code: 'OPERATION_TOO_LARGE',
    body: query(
      `{ viewer { ...F0 } } ${repeated(30, (n) => `fragment F${n} on User { boss { ...F${n + 1} } friend: boss { ...F${n + 1} } }`)} fragment F30 on User { id }`,
    ),
  },
  {
    name: 'the same with fragments that nobody uses',
    code: 'OPERATION_TOO_LARGE',
    body: query(
      `{ viewer { id } } ${repeated(30, (n) => `fragment F${n} on User { boss { ...F${n + 1} } friend: boss { ...F${n + 1} } }`)} fragment F30 on User { id }`,
    ),
  },
  {
    name: 'five hundred fragments, each against each',
    code: 'OPERATION_TOO_LARGE',
    body: query(
      `{ viewer { ${repeated(450, (n) => `...F${n}`)} } } ${repeated(450, (n) => `fragment F${n} on User { id }`)}`,
    ),
  },
  {
    name: 'one fragment a thousand times',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ viewer { ${'...F '.repeat(1_000)} } } fragment F on User { id }`),
  },
  {
    name: 'selections that overlap',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ viewer { ${'...on User { id boss { id } } '.repeat(200)} } }`),
  },
]

const lists: Abuse[] = [
  {
    name: 'a list of two thousand millions',
    code: 'BAD_USER_INPUT',
    body: query('{ users(first: 2147483647) { id } }'),
  },
  {
    name: 'the same by a variable',
    code: 'BAD_USER_INPUT',
    body: query('query ($n: Int) { users(first: $n) { id } }', { n: 2_000_000_000 }),
  },
  {
    name: 'lists inside lists',
    code: 'OPERATION_TOO_LARGE',
    body: query('{ users(first: 100) { parcels(first: 100) { events(first: 100) { at } } } }'),
  },
  {
    name: 'lists inside lists by the default of a variable',
    code: 'OPERATION_TOO_LARGE',
    body: query('query ($n: Int = 300) { users(first: $n) { parcels(first: $n) { events(first: $n) { at } } } }'),
  },
]

const inputs: Abuse[] = [
  {
    name: 'a list of a hundred thousand',
    code: 'OPERATION_TOO_LARGE',
    body: query('query ($ids: [ID!]) { viewer { id } }', { ids: Array(100_000).fill('a') }),
  },
  {
    name: 'nine thousand small lists',
    code: 'OPERATION_TOO_LARGE',
    body: query(victim, { a: Array(900).fill(Array(20).fill(1)) }),
  },
  {
    name: 'a variable a hundred thousand deep',
    code: 'OPERATION_TOO_LARGE',
    body: `{"query":"{ viewer { id } }","variables":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
  },
  {
    name: 'extensions a hundred thousand deep',
    code: 'OPERATION_TOO_LARGE',
    body: `{"query":"{ viewer { id } }","extensions":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`,
  },
  {
    name: 'a literal a thousand deep',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ user(id: ${'['.repeat(1_000)}${']'.repeat(1_000)}) { id } }`),
  },
  {
    name: 'a thousand variables',
    code: 'OPERATION_TOO_LARGE',
    body: query(`query (${repeated(1_000, (n) => `$v${n}: Int`)}) { viewer { id } }`),
  },
  {
    name: 'defaults of variables a thousand deep',
    code: 'OPERATION_TOO_LARGE',
    body: query(`query ($a: [ID] = ${'['.repeat(1_000)}${']'.repeat(1_000)}) { viewer { id } }`),
  },
  {
    name: 'a variable with half of a character',
    code: 'BAD_USER_INPUT',
    body: `{"query":"{ viewer { id } }","variables":{"a":["\\ud83d"]}}`,
  },
  {
    name: 'a megabyte where a number belongs',
    code: 'BAD_USER_INPUT',
    body: query('query ($n: Int) { users(first: $n) { id } }', { n: 'x'.repeat(900_000) }),
  },
  {
    name: 'a name of an operation of a megabyte',
    code: 'OPERATION_RESOLUTION_FAILURE',
    body: { query: 'query A { viewer { id } }', operationName: 'x'.repeat(900_000) },
  },
  { name: 'variables that are a list', code: 'BAD_REQUEST', body: query(victim, [1, 2]) },
  { name: 'variables that are a text', code: 'BAD_REQUEST', body: query(victim, '{"a":1}') },
  { name: 'a body of two megabytes', code: 'PAYLOAD_TOO_LARGE', body: query(victim, { a: 'x'.repeat(2_000_000) }) },
  { name: 'a batch', code: 'BAD_REQUEST', body: Array(1_000).fill(query(victim)) },
  { name: 'a batch within a batch', code: 'BAD_REQUEST', body: [[[query(victim)]]] },
  {
    name: 'a form',
    code: 'UNSUPPORTED_MEDIA_TYPE',
    body: 'query={viewer{id}}',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
  },
  {
    name: 'an upload in parts',
    code: 'UNSUPPORTED_MEDIA_TYPE',
    body: '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    headers: { 'content-type': 'multipart/form-data; boundary=x' },
  },
  { name: 'a compressed body', code: 'UNSUPPORTED_MEDIA_TYPE', body: '{}', headers: { 'content-encoding': 'gzip' } },
]

const texts: Abuse[] = [
  {
    name: 'a document of a megabyte of comments',
    code: 'OPERATION_TOO_LARGE',
    body: query(`${'# nothing\n'.repeat(90_000)}{ viewer { id } }`),
  },
  {
    name: 'commas and blanks without end',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{${', '.repeat(400_000)}viewer { id } }`),
  },
  {
    name: 'a block string that does not end',
    code: 'GRAPHQL_PARSE_FAILED',
    body: query(`{ user(id: """${'\n "'.repeat(20_000)}`),
  },
  {
    name: 'a block string of indents',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ nobody(id: """${'\n   a'.repeat(15_000)}""") { id } }`),
  },
  {
    name: 'a number of ninety thousand digits',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ users(first: ${'9'.repeat(90_000)}) { id } }`),
  },
  {
    name: 'a number of a large power',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query('{ users(first: 1e999999999) { id } }'),
  },
  {
    name: 'a name of ninety thousand letters',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query(`{ ${'a'.repeat(90_000)} }`),
  },
  { name: 'halves of characters', code: 'GRAPHQL_PARSE_FAILED', body: query('{ user(id: "\\uD83D") { id } }') },
  { name: 'characters that control', code: 'GRAPHQL_PARSE_FAILED', body: query('{ viewer\u0000\u0007 { id } }') },
  { name: 'letters of other alphabets', code: 'GRAPHQL_PARSE_FAILED', body: query('{ vіewer { іd } }') },
  {
    name: 'definitions of types',
    code: 'GRAPHQL_VALIDATION_FAILED',
    body: query('{ viewer { id } } type Query { stolen: String }'),
  },
]

const names: Abuse[] = [
  {
    name: 'another text under a hash',
    code: 'BAD_REQUEST',
    body: {
      query: '{ viewer { secret } }',
      extensions: { persistedQuery: { version: 1, sha256Hash: createHash('sha256').update(victim).digest('hex') } },
    },
  },
  {
    name: 'a hash that is none',
    code: 'BAD_REQUEST',
    body: { extensions: { persistedQuery: { version: 1, sha256Hash: { $ne: null } } } },
  },
  {
    name: 'another version of hashes',
    code: 'BAD_REQUEST',
    body: { query: victim, extensions: { persistedQuery: { version: 9, sha256Hash: 'a' } } },
  },
  { name: 'a name of the prototype', code: 'PERSISTED_QUERY_NOT_FOUND', body: { documentId: '__proto__' } },
]

const schema: Abuse[] = [
  { name: 'the schema, asked by nobody', code: 'INTROSPECTION_OFF', body: query('{ __schema { types { name } } }') },
  {
    name: 'a type, asked by nobody',
    code: 'INTROSPECTION_OFF',
    body: query('{ viewer { id } __type(name: "User") { name } }'),
  },
  {
    name: 'types of fields of types',
    code: 'OPERATION_TOO_LARGE',
    body: query('{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }'),
  },
  {
    name: 'the same by fragments',
    code: 'OPERATION_TOO_LARGE',
    body: query(
      '{ __schema { types { ...A } } } fragment A on __Type { fields { type { ...B } } } fragment B on __Type { possibleTypes { interfaces { name } } }',
    ),
  },
  {
    name: 'the whole schema again and again',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ ${repeated(3, (n) => `s${n}: __schema { types { name } }`)} }`),
  },
  {
    name: 'what describes the schema under many names',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ __schema { types { fields { ${repeated(50, (n) => `d${n}: description`)} } } } }`),
  },
  {
    name: 'one type as often as can be',
    code: 'OPERATION_TOO_LARGE',
    body: query(`{ ${repeated(100, (n) => `t${n}: __type(name: "User") { name }`)} }`),
  },
]

/** What nobody needs, and some try, for the graph of `town.ts`. */
export const abuses: readonly Abuse[] = [
  ...deep,
  ...wide,
  ...fragments,
  ...lists,
  ...inputs,
  ...texts,
  ...names,
  ...schema,
]
