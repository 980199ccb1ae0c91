import { RefreshSessionDocument } from '@/gql/graphql'
import { nameOfDocument } from './document-name'
import { randomId } from './random-id'
import { createSessionKeeper, type Renewal } from './session'

interface RefreshAnswer {
  data?: {
    refreshSession?: { __typename: string; accessToken?: string; refreshToken?: string; expiresAt?: string }
  } | null
}

/**
 * The secret under which this browser renews a token, the same until it has the answer: one that was lost on the way, or taken by another tab, is
 * asked for again. Where there are no Web Locks, it is what keeps two tabs from ending each other's session.
 */
function attemptFor(refreshToken: string): string {
  const [of, kept] = (localStorage.getItem('passerelle.attempt') ?? '').split(' ')
  const name = refreshToken.slice(0, 16)
  if (of === name && kept) return kept
  const fresh = randomId()
  localStorage.setItem('passerelle.attempt', `${name} ${fresh}`)
  return fresh
}

/** Asks for new tokens outside of Apollo: its links wait for this very answer. */
async function renew(refreshToken: string): Promise<Renewal> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      operationName: 'RefreshSession',
      documentId: nameOfDocument(RefreshSessionDocument),
      variables: { refreshToken, attempt: attemptFor(refreshToken) },
    }),
  })
  const answer = ((await response.json()) as RefreshAnswer).data?.refreshSession
  if (!answer) throw new Error(`the session could not be renewed (HTTP ${response.status})`)
  const { accessToken, refreshToken: next, expiresAt } = answer
  if (!accessToken || !next || !expiresAt) return { rejected: true }
  return { session: { accessToken, refreshToken: next, expiresAt } }
}

/** Web Locks reach across tabs; a plain-HTTP address on a local network has none, and then each tab queues for itself. */
function exclusively<T>(task: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return task()
  return navigator.locks.request('passerelle.session', task) as Promise<T>
}

/** The session of this browser, shared by HTTP, socket and router. */
export const keeper = createSessionKeeper({ storage: localStorage, renew, exclusively, now: Date.now })

window.addEventListener('storage', (event) => {
  if (event.key === null || event.key === 'passerelle.session') keeper.noticeOtherTab()
})
