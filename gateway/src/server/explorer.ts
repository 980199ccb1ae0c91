import type { IncomingMessage, ServerResponse } from 'node:http'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { addChrome } from './explorer-chrome.ts'
import { contentPolicy } from './headers.ts'

/** Serves a page to try the API with: its documentation, queries, and subscriptions. */
export type ServeExplorer = (request: IncomingMessage, response: ServerResponse) => Promise<void>

/** What the page begins with: something that every caller's schema has, a partner's and a client's too. */
export const defaultQuery = `query Me {
  viewer {
    organization {
      name
    }
    scopes
  }
}
`

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
    title: 'API de Passerelle',
    subscriptionsProtocol: 'WS',
    endpoint: '/graphql',
    shouldPersistHeaders: false,
    defaultQuery,
  })
  const html = addChrome(page)
  const plain = Buffer.from(html)
  return { plain, gzipped: await promisify(gzip)(plain), policy: contentPolicy(html) }
}
