import { stayOnThisHost } from '@/api/icons'
import { sampleApi, sentTexts as texts, type Sample } from './sample-api'

/** Sockets and workers that never say anything: what depends on them shows its waiting face. */
class Silent extends EventTarget {
  static readonly CONNECTING = 0
  static readonly OPEN = 1
  static readonly CLOSING = 2
  static readonly CLOSED = 3
  readyState = 0
  onmessage = null
  close(): void {}
  send(): void {}
  postMessage(): void {}
  terminate(): void {}
}

interface Operation {
  query?: string
  extensions?: { persistedQuery?: { sha256Hash: string } }
  variables?: Record<string, unknown>
}

/** What a request asks, by its text or by its name. */
function textOf({ query, extensions }: Operation): string {
  return query ?? texts[extensions?.persistedQuery?.sha256Hash ?? ''] ?? ''
}

/** Gives the page a log-in, a client's link, and an API that answers from the schema. */
export function openBrowser(sample: Sample = {}): void {
  stayOnThisHost()
  const answer = sampleApi(sample)
  const session = {
    accessToken: 'access',
    refreshToken: 'refresh',
    expiresAt: new Date(Date.now() + 600_000).toISOString(),
  }
  localStorage.setItem('passerelle.session', JSON.stringify(session))
  sessionStorage.setItem('passerelle.link', JSON.stringify(session))
  const fetchSample = async (_address: unknown, init?: { body?: unknown }) => {
    const operation = JSON.parse(String(init?.body)) as Operation
    return new Response(JSON.stringify(await answer(textOf(operation), operation.variables ?? {})), {
      headers: { 'content-type': 'application/json' },
    })
  }
  Object.assign(globalThis, { fetch: fetchSample, WebSocket: Silent, Worker: Silent })
}
