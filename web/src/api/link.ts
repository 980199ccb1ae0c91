import { OpenClientLinkDocument } from '@/gql/graphql'
import { nameOfDocument } from './document-name'
import { createSessionKeeper, type Renewal } from './session'

interface OpenAnswer {
  data?: { openClientLink?: { __typename: string; accessToken?: string; expiresAt?: string } } | null
}

/** Asks for a token of the link, outside of Apollo: its links wait for this very answer. */
async function renew(link: string): Promise<Renewal> {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      operationName: 'OpenClientLink',
      documentId: nameOfDocument(OpenClientLinkDocument),
      variables: { token: link },
    }),
  })
  const answer = ((await response.json()) as OpenAnswer).data?.openClientLink
  if (answer?.__typename === 'LinkInvalid') return { rejected: true }
  if (!answer?.accessToken || !answer.expiresAt)
    throw new Error(`the link could not be opened (HTTP ${response.status})`)
  return { session: { accessToken: answer.accessToken, refreshToken: link, expiresAt: answer.expiresAt } }
}

/**
 * The session of whoever came by a client's link. It lives in this tab alone, beside the session of a person of the house who looks at the link in
 * their own browser, and what renews it is the link itself.
 */
export const linkKeeper = createSessionKeeper({
  storage: sessionStorage,
  key: 'passerelle.link',
  renew,
  exclusively: (task) => task(),
  now: Date.now,
})

const houseKey = 'passerelle.link.house'

/** The house of the link that this tab was opened with, for the page that says whom to ask for another one. */
export function knownHouse(): string | undefined {
  return sessionStorage.getItem(houseKey) ?? undefined
}

export function rememberHouse(name: string): void {
  sessionStorage.setItem(houseKey, name)
}

/** For who leaves: nothing says afterwards where they were. */
export function forgetHouse(): void {
  sessionStorage.removeItem(houseKey)
}

/** The page that links lead to. */
const door = '/portal'

/** Takes the link out of the address, before anything else can see it there or keep it in the history; true when there was one. */
export function takeLink(): boolean {
  const { pathname, hash, search } = location
  if (pathname.replace(/\/$/, '') !== door || hash.length < 2) return false
  history.replaceState(history.state, '', pathname + search)
  const link = hash.slice(1)
  if (linkKeeper.current()?.refreshToken === link) return true
  forgetHouse()
  linkKeeper.open({ accessToken: '', refreshToken: link, expiresAt: new Date(0).toISOString() })
  return true
}
