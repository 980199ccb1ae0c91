import { expect, it, vi } from 'vitest'
import { Kind, parse, print, type DocumentNode } from 'graphql'
import * as documents from '@/gql/graphql'
import { LogOutDocument } from '@/gql/graphql'
import { sentTexts } from '@/testing/sample-api'
import { createCache } from './cache'
import { nameOfDocument } from './document-name'

interface Sent {
  query?: string
  extensions?: { persistedQuery?: { sha256Hash: string } }
}

/** The client in front of a server that answers in turn, and what it was sent. */
async function opened(...answers: object[]) {
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (_address: string, init: { body: string }) => {
    sent.push(JSON.parse(init.body) as Sent)
    return new Response(JSON.stringify(answers.shift()), { headers: { 'content-type': 'application/json' } })
  })
  const { apollo } = await import('./client')
  return { sent, apollo }
}

const done = { data: { logOut: { __typename: 'LoggedOut', everywhere: false } } }

/** The words of a document's parts, whatever their order. */
const pieces = ({ definitions }: DocumentNode) =>
  definitions
    .map((definition) =>
      print(definition)
        .split(/[\s,(){}]+/)
        .toSorted()
        .join(' '),
    )
    .toSorted()

const operations = Object.entries(documents).flatMap(([name, document]) =>
  document.definitions.some(({ kind }) => kind === Kind.OPERATION_DEFINITION) ? [{ name, document }] : [],
)

it.each(operations)('the server keeps $name as the client would send it', ({ document }) => {
  const sent = createCache().transformDocument(document)
  const name = nameOfDocument(sent) ?? ''
  expect(pieces(parse(sentTexts[name] ?? '{ missing }'))).toEqual(pieces(sent))
})

it('an operation goes by the name under which the server keeps the very text that would be sent', async () => {
  const { apollo, sent } = await opened(done)
  await apollo.mutate({ mutation: LogOutDocument })
  const name = sent[0]?.extensions?.persistedQuery?.sha256Hash ?? ''
  expect(sent[0]?.query).toBeUndefined()
  expect(sentTexts[name]).toContain('mutation LogOut')
  expect(sentTexts[name]).toContain('__typename')
})

it.each([
  [
    'with a word',
    () => new Response(JSON.stringify({ errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] })),
  ],
  ['with a status', () => new Response(JSON.stringify({ errors: [{ message: 'no' }] }), { status: 401 })],
])(
  'what one person asked for and is refused %s is not asked again as who has logged in since',
  async (_how, refusal) => {
    const { keeper } = await import('./keeper')
    const { apollo } = await import('./client')
    const sessionOf = (sub: string) => ({
      accessToken: `${sub}.${btoa(JSON.stringify({ org: 'org_1', sub }))}.x`,
      refreshToken: sub,
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
    })
    const tokens: unknown[] = []
    vi.stubGlobal('fetch', async (_address: string, { headers }: { headers: Record<string, string> }) => {
      tokens.push(headers['authorization'])
      keeper.close('left')
      keeper.open(sessionOf('usr_b'))
      return refusal()
    })
    keeper.open(sessionOf('usr_a'))
    await expect(apollo.mutate({ mutation: LogOutDocument })).rejects.toThrow()
    expect(tokens).toEqual([`Bearer ${sessionOf('usr_a').accessToken}`])
    keeper.close('left')
  },
)

it('a server of another version, which does not know the name, is sent the text', async () => {
  const unknown = { errors: [{ message: 'no', extensions: { code: 'PERSISTED_QUERY_NOT_FOUND' } }] }
  const { apollo, sent } = await opened(unknown, done)
  await apollo.mutate({ mutation: LogOutDocument })
  expect(sent).toHaveLength(2)
  expect(sent[1]?.query).toContain('mutation LogOut')
})
