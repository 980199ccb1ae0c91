import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { contentPolicy } from './headers.ts'

/** Serves a page to try the API with: its documentation, queries, and subscriptions. */
export type ServeExplorer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

const defaultQuery = `# Log in, then write under Headers:
# {"authorization": "Bearer <accessToken>"}
mutation LogIn($email: String!, $password: String!) {
  logIn(email: $email, password: $password) {
    ... on Session {
      accessToken
      expiresAt
    }
    ... on Refusal {
      code
      message
    }
  }
}
`

/** The page sends the headers that are typed in it with requests, but opens WebSockets without them: this hands on the token. */
const handOnToken = `<script>
  let authorization
  const { fetch } = window
  window.fetch = (input, init) => {
    authorization = new Headers(init?.headers).get('authorization') ?? undefined
    return fetch(input, init)
  }
  const { send } = WebSocket.prototype
  WebSocket.prototype.send = function (text) {
    const message = JSON.parse(text)
    const isFirst = message.type === 'connection_init'
    send.call(this, isFirst ? JSON.stringify({ ...message, payload: { authorization } }) : text)
  }
</script>`

interface Page {
  plain: Buffer
  gzipped: Buffer
  policy: string
}

/** The page needs nothing from elsewhere. It is large, and is therefore made when somebody first asks for it. */
export function openExplorer(): ServeExplorer {
  let page: Promise<Page> | undefined
  return async (request, response) => {
    page ??= render()
    const { plain, gzipped, policy } = await page
    const compressed = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    const body = compressed ? gzipped : plain
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-length': body.length,
      'cache-control': 'no-cache',
      'content-security-policy': policy,
      ...(compressed ? { 'content-encoding': 'gzip' } : {}),
    })
    response.end(request.method === 'HEAD' ? undefined : body)
  }
}

async function render(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const page = renderGraphiQL({
    title: 'Passerelle API',
    subscriptionsProtocol: 'WS',
    endpoint: '/graphql',
    shouldPersistHeaders: false,
    defaultQuery,
  })
  const html = page.replace('</head>', () => `${handOnToken}</head>`)
  const plain = Buffer.from(html)
  return { plain, gzipped: await promisify(gzip)(plain), policy: contentPolicy(html) }
}
