import { flushPromises } from '@vue/test-utils'
import { print } from 'graphql'
import { beforeEach, expect, it, vi } from 'vitest'
import { CreateUploadDocument, DeleteDocumentDocument } from '@/gql/graphql'
import { nameOfDocument } from '@/api/document-name'
import { createSessionKeeper } from '@/api/session'
import { openBrowser } from '@/testing/browser'
import { sampleApi } from '@/testing/sample-api'

interface Sent {
  what: 'announce' | 'discard' | 'renew'
  token: string
  answer: (data: unknown) => Promise<void>
}

/** A transfer that never ends by itself. */
class Transfer {
  static all: Transfer[] = []
  readonly upload = {}
  aborted = false
  onabort = () => {}
  constructor() {
    Transfer.all.push(this)
  }
  open(): void {}
  setRequestHeader(): void {}
  send(): void {}
  abort(): void {
    this.aborted = true
    this.onabort()
  }
}

openBrowser()
vi.stubGlobal(
  'navigator',
  Object.create(navigator, { locks: { value: { request: (_name: string, task: () => unknown) => task() } } }),
)
const sent: Sent[] = []
const namesOf = new Map([
  [nameOfDocument(CreateUploadDocument), 'announce' as const],
  [nameOfDocument(DeleteDocumentDocument), 'discard' as const],
])
vi.stubGlobal('XMLHttpRequest', Transfer)
vi.stubGlobal(
  'fetch',
  (_address: string, { body, headers }: { body: string; headers: Record<string, string> }) =>
    new Promise<Response>((resolve) => {
      const { extensions } = JSON.parse(body) as { extensions?: { persistedQuery?: { sha256Hash: string } } }
      const what = namesOf.get(extensions?.persistedQuery?.sha256Hash ?? '') ?? 'renew'
      sent.push({
        what,
        token: headers['authorization'] ?? '',
        answer: async (data) => {
          resolve(new Response(JSON.stringify(data), { headers: { 'content-type': 'application/json' } }))
          await settle()
        },
      })
    }),
)
const { keeper } = await import('@/api/keeper')
const { useUploads } = await import('./useUploads')
const { items, add } = useUploads()

async function settle() {
  for (let turn = 0; turn < 10; turn++) await flushPromises()
}

const sessionOf = (sub: string, { org = 'org_1', name = sub, lifeMs = 600_000 } = {}) => ({
  accessToken: `${name}.${btoa(JSON.stringify({ org, sub, roles: [], scopes: [] }))}.x`,
  refreshToken: name,
  expiresAt: new Date(Date.now() + lifeMs).toISOString(),
})
const places = sampleApi({
  'Mutation.createUpload': () => ({ __typename: 'Upload' }),
  'Upload.url': () => '/uploads/1',
  'IngestionStatus.degraded': () => [],
})
/** What a file is answered that may be sent. */
const place = () => places(print(CreateUploadDocument), { input: { filename: 'x', size: 3 } })
const refusedToken = { errors: [{ message: 'no', extensions: { code: 'UNAUTHENTICATED' } }] }

/** Somebody is logged in and has five files on their way: one is being sent, two are announced, two wait. */
beforeEach(async () => {
  keeper.close('left')
  Transfer.all = []
  keeper.open(sessionOf('usr_a'))
  sent.length = 0
  add(['1', '2', '3', '4', '5'].map((name) => new File(['abc'], `${name}.pdf`)))
  await settle()
  await sent[0]?.answer(await place())
})

it('starts with a file being sent, two announced and two that wait', () => {
  expect(Transfer.all.map(({ aborted }) => aborted)).toEqual([false])
  expect(sent.map(({ what }) => what)).toEqual(['announce', 'announce', 'announce'])
  expect(items.map(({ state }) => state)).toEqual(['sending', 'sending', 'sending', 'waiting', 'waiting'])
})

it('the files of who logs out go nowhere, and are not seen by who logs in next', async () => {
  keeper.close('left')
  expect(items).toEqual([])
  expect(Transfer.all.map(({ aborted }) => aborted)).toEqual([true])
  keeper.open(sessionOf('usr_b', { org: 'org_2' }))
  await sent[1]?.answer(await place())
  await sent[2]?.answer(refusedToken)
  expect(items).toEqual([])
  expect([sent.length, Transfer.all.length]).toEqual([3, 1])
})

it.each([
  ['another person in the same organisation', sessionOf('usr_b')],
  ['the same person in another organisation', sessionOf('usr_a', { org: 'org_2' })],
])('a session that goes on as %s has none of the files', async (_whose, session) => {
  keeper.close('expired')
  expect(items).toHaveLength(5)
  keeper.open(session)
  await sent[1]?.answer(refusedToken)
  await sent[2]?.answer(await place())
  expect(items).toEqual([])
  expect(Transfer.all.map(({ aborted }) => aborted)).toEqual([true])
  expect(sent).toHaveLength(3)
})

it('a session that ended and is renewed by its person goes on with the files', async () => {
  keeper.close('expired')
  keeper.open(sessionOf('usr_a', { name: 'again' }))
  await sent[1]?.answer(await place())
  expect(items.map(({ state }) => state)).toEqual(['sending', 'sending', 'sending', 'waiting', 'waiting'])
  expect(Transfer.all.map(({ aborted }) => aborted)).toEqual([false, false])
})

it.each([
  ['go on when it merely ended and its person comes back', 'expired', 5],
  ['go nowhere when its person left', 'left', 0],
] as const)('the files of a session that is over in another tab %s', async (_whither, reason, kept) => {
  const otherTab = createSessionKeeper({
    storage: localStorage,
    renew: async () => ({ rejected: true }),
    exclusively: (task) => task(),
    now: Date.now,
  })
  otherTab.close(reason)
  keeper.noticeOtherTab()
  otherTab.open(sessionOf('usr_a', { name: 'again' }))
  keeper.noticeOtherTab()
  await settle()
  expect(items).toHaveLength(kept)
  expect(Transfer.all.map(({ aborted }) => aborted)).toEqual([kept === 0])
})

it('what waits for a new token is not asked as who logs in meanwhile', async () => {
  keeper.close('left')
  keeper.open(sessionOf('usr_a', { lifeMs: 1_000 }))
  sent.length = 0
  add([new File(['abc'], 'late.pdf')])
  await vi.waitFor(() => expect(sent.map(({ what }) => what)).toEqual(['renew']))
  keeper.close('left')
  keeper.open(sessionOf('usr_b'))
  const renewed = { __typename: 'Session', ...sessionOf('usr_a', { name: 'new' }) }
  const over = keeper.replaceToken('any')
  await sent[0]?.answer({ data: { refreshSession: renewed } })
  await over
  await settle()
  expect(sent).toHaveLength(1)
  expect(keeper.current()?.refreshToken).toBe('usr_b')
})

it('nothing is announced as somebody whom another tab has logged in and of whom this one has not heard', async () => {
  await sent[1]?.answer(await place())
  localStorage.setItem('passerelle.session', JSON.stringify(sessionOf('usr_b')))
  Transfer.all[1]?.onabort()
  await settle()
  expect(sent.map(({ what }) => what)).toEqual(['announce', 'announce', 'announce'])
})
