import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EngineUnavailable } from '@passerelle/platform/schema'
import type { Route } from '@passerelle/platform/subgraph'
import { openTownGateway, type TownGateway } from '../testing/open-town-gateway.ts'

let town: TownGateway
let folder: string

const route = (method: Route['method'], prefix: string, handle: Route['handle']): Route => ({ method, prefix, handle })

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-web-'))
  await mkdir(join(folder, 'assets'))
  await writeFile(
    join(folder, 'index.html'),
    '<html><script>document.title = "é"</script><script src="/assets/a-1.js"></script></html>',
  )
  await writeFile(join(folder, 'assets/a-1.js'), `console.log("${'x'.repeat(3000)}")`)
  const routes = [
    route('PUT', '/uploads', async (request, response, { url }) => {
      let size = 0
      for await (const chunk of request) size += (chunk as Buffer).length
      response.end(JSON.stringify({ size, path: url.pathname, q: url.searchParams.get('q') }))
    }),
    route('GET', '/parts', async (_, response) => {
      response.writeHead(206, { 'content-type': 'text/plain', 'content-range': 'bytes 0-3999/9000' })
      response.end('x'.repeat(4000))
    }),
    route('GET', '/files', async () => {
      throw new EngineUnavailable('blobs')
    }),
    route('GET', '/files/broken', async () => {
      throw new Error('secret detail')
    }),
  ]
  town = await openTownGateway({ routes, webFolder: folder })
})

afterAll(async () => {
  await town.gateway.drain()
  await rm(folder, { recursive: true })
})

const get = (path: string, init?: RequestInit) => fetch(`${town.gateway.url}${path}`, init)

test('leads a request to the route of a subgraph, body and all', async () => {
  const response = await get('/uploads/doc_1?q=a', { method: 'PUT', body: 'x'.repeat(2_000_000) })
  expect(await response.json()).toEqual({ size: 2_000_000, path: '/uploads/doc_1', q: 'a' })
  expect((await get('/uploads')).status).toBe(405)
  expect((await get('/uploadsx', { method: 'PUT' })).status).toBe(405)
})

test('answers what a route throws by its kind, and tells no detail', async () => {
  const away = await get('/files/doc_1')
  expect(away.status).toBe(503)
  expect(await away.json()).toMatchObject({ errors: [{ extensions: { code: 'ENGINE_UNAVAILABLE', engine: 'blobs' } }] })
  const broken = await get('/files/broken')
  expect(broken.status).toBe(500)
  expect(await broken.text()).not.toContain('secret')
})

test('keeps hashed files for ever, and everything else fresh', async () => {
  const asset = await get('/assets/a-1.js', { headers: { 'accept-encoding': 'gzip' } })
  expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  expect(asset.headers.get('content-encoding')).toBe('gzip')
  const page = await get('/documents/doc_1?page=2')
  expect(page.headers.get('content-type')).toContain('text/html')
  expect(page.headers.get('cache-control')).toBe('no-cache')
  expect((await get('/assets/gone.js')).status).toBe(404)
  expect((await get('/', { method: 'POST' })).status).toBe(405)
})

test('has no browser keep the pages of clients, nor tell anybody where they were', async () => {
  const page = await get('/portal/requests/req_1')
  expect(page.headers.get('content-type')).toContain('text/html')
  for (const path of ['/portal', '/portal/requests/req_1']) {
    const { headers } = await get(path)
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['no-referrer', 'no-store'])
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
  }
  const again = await get('/portal', { headers: { 'if-none-match': page.headers.get('etag') ?? '' } })
  expect([again.status, again.headers.get('referrer-policy')]).toEqual([304, 'no-referrer'])
  for (const path of ['/', '/portals']) {
    const { headers } = await get(path)
    expect([headers.get('referrer-policy'), headers.get('cache-control')]).toEqual(['same-origin', 'no-cache'])
  }
})

test('keeps nothing of an answer of the graph in a browser', async () => {
  const { headers } = await town.post({ query: '{ __typename }' })
  expect(headers.get('cache-control')).toBe('no-store')
})

test('sends a part of a file as the bytes that were asked for', async () => {
  const part = await get('/parts', { headers: { 'accept-encoding': 'gzip', range: 'bytes=0-3999' } })
  expect(part.headers.get('content-encoding')).toBeNull()
  expect((await part.text()).length).toBe(4000)
})

test('allows the scripts of the page by their hash and no others', async () => {
  const policy = (await get('/')).headers.get('content-security-policy')
  expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval' 'sha256-E1QomdN75l8l4pmyWlT4vvP/wq6PmKSISpQUsVcBL2o='")
  expect(policy).toContain("frame-ancestors 'none'")
})

test('serves a page to try the API with that asks nothing of other hosts', async () => {
  const page = await get('/explorer')
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'self'; script-src 'self' 'wasm-unsafe-eval' 'sha256-/,
  )
  const text = await page.text()
  expect(text).toContain('API de Passerelle')
  expect(text.match(/<(script|link|img)[^>]+(src|href)="https?:/g)).toBeNull()
})

test.runIf(process.platform === 'linux')('survives a file that fails while it is read', async () => {
  // A file whose first bytes cannot be read.
  await symlink('/proc/self/mem', join(folder, 'assets/b-2.js'))
  await get('/assets/b-2.js')
    .then((response) => response.text())
    .catch(() => undefined)
  expect((await get('/healthz')).status).toBe(200)
})

test('serves nothing from outside its folder', async () => {
  const answer = await new Promise<string>((resolve) => {
    const socket = connect(Number(new URL(town.gateway.url).port), '127.0.0.1', () =>
      socket.write('GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'),
    )
    let text = ''
    socket
      .setEncoding('utf8')
      .on('data', (part: string) => (text += part))
      .on('end', () => resolve(text))
  })
  expect(answer).not.toContain('root:')
})

test('says whether it lives and whether it is ready', async () => {
  expect(await (await get('/healthz')).json()).toEqual({ status: 'ok' })
  expect(await (await get('/readyz')).json()).toEqual({ ready: true, engines: { sql: 'up' } })
})

test('tells its figures to the machines around it, and to nobody through a proxy', async () => {
  await town.post({ query: '{ viewer { id } }' })
  const figures = await get('/metrics')
  const text = await figures.text()
  expect(figures.headers.get('content-type')).toMatch(/^text\/plain/)
  expect(text).toMatch(/^passerelle_operation_seconds_count\{kind="query",outcome="done"\} \d+$/m)
  expect(text).toMatch(
    /^passerelle_subgraph_request_seconds_count\{subgraph="people",kind="query",outcome="done"\} \d+$/m,
  )
  expect(text).toMatch(/^passerelle_resolver_seconds_count\{subgraph="people",kind="query",outcome="done"\} \d+$/m)
  expect(text).not.toContain('org_')
  expect((await get('/metrics', { headers: { 'x-forwarded-for': '203.0.113.9' } })).status).toBe(404)
})

test('counts operations by their name when it is one of the house, and all others together', async () => {
  for (const name of ['Known', 'Known', 'Made', 'Up']) await town.post({ query: `query ${name} { viewer { id } }` })
  const text = await (await get('/metrics')).text()
  const counts = [...text.matchAll(/^passerelle_named_operation_seconds_count\{operation="(\w+)",.* (\d+)$/gm)]
  expect(new Map(counts.map(([, name, count]) => [name, Number(count)]))).toEqual(
    new Map([
      ['Known', 2],
      ['other', expect.any(Number)],
    ]),
  )
})

test('lets a request under way finish before it has drained, and takes no new one', async () => {
  const { promise: entered, resolve: enter } = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const slow = route('GET', '/slow', async (_, response) => {
    enter()
    await released
    response.end('done')
  })
  const other = await openTownGateway({ routes: [slow] })
  const answer = fetch(`${other.gateway.url}/slow`).then((response) => response.text())
  await entered
  const drained = other.gateway.drain()
  await expect(fetch(`${other.gateway.url}/healthz`)).rejects.toThrow('fetch failed')
  release()
  expect(await answer).toBe('done')
  await drained
})
