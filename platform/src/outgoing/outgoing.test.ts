import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { testCertificate, testKey } from '../mail/certificate.testing.ts'
import { openOutgoing, toAllowList, type Outgoing, type OutgoingAnswer } from './outgoing.ts'

const servers: Server[] = []

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
})

async function serve(listener: RequestListener, secure = false): Promise<number> {
  const server = secure ? createSecureServer({ cert: testCertificate, key: testKey }, listener) : createServer(listener)
  servers.push(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

const post = (outgoing: Outgoing, url: string, more: { answerBytes?: number; timeoutMs?: number } = {}) =>
  outgoing.post({ url, headers: {}, body: '{}', timeoutMs: 20_000, answerBytes: 1_024, ...more })

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'ASKED',
    (error: { code?: string }) => error.code,
  )

/** A resolver that knows these names and no other. */
const names =
  (known: Record<string, string[]>) =>
  (host: string): Promise<string[]> =>
    Promise.resolve(known[host] ?? [])

const inside = [
  'https://127.0.0.1/',
  'https://127.1.2.3/',
  'https://0.0.0.0/',
  'https://10.0.0.1/',
  'https://100.64.0.1/',
  'https://100.100.100.200/',
  'https://169.254.169.254/latest/meta-data/',
  'https://168.63.129.16/',
  'https://172.16.0.1/',
  'https://172.31.255.255/',
  'https://192.168.1.1/',
  'https://192.0.0.192/',
  'https://198.18.0.1/',
  'https://224.0.0.1/',
  'https://255.255.255.255/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[0:0:0:0:0:ffff:10.0.0.1]/',
  'https://[::127.0.0.1]/',
  'https://[64:ff9b::169.254.169.254]/',
  'https://[64:ff9b::a00:1]/',
  'https://[64:ff9b:1::1]/',
  'https://[2002:7f00:1::]/',
  'https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/',
  'https://[fe80::1]/',
  'https://[fc00::1]/',
  'https://[fd00:ec2::254]/',
  'https://[fec0::1]/',
  'https://[ff02::1]/',
  'https://[2001:db8::1]/',
]

test.each(inside)('%s is inside, and not asked', async (url) => {
  expect(await codeOf(post(openOutgoing(), url))).toBe('ADDRESS_REFUSED')
})

const odd = [
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0x7f.0.0.1/',
  'https://0177.0.0.1/',
  'https://127.1/',
  'https://１２７.０.０.１/',
  'https://127。0。0。1/',
  'https://%31%32%37.0.0.1/',
  'https://0x08080808/',
  'https://134744072/',
  'https://user:secret@example.com/',
  'https://example.com@127.0.0.1/',
  'https://exam ple.com/',
  'https://example.com\\@127.0.0.1/',
  'https://exa\tmple.com/',
  ' https://example.com/',
  'ftp://example.com/',
  'file:///etc/passwd',
  'gopher://example.com/',
  'javascript:alert(1)',
  '//example.com/',
  'example.com',
  '',
  `https://example.com/${'a'.repeat(2_000)}`,
]

test.each(odd)('what is written %j is no address to ask', async (url) => {
  const outgoing = openOutgoing({ resolve: names({ 'example.com': ['8.8.8.8'] }) })
  expect(await codeOf(post(outgoing, url))).toBe('ADDRESS_REFUSED')
  expect(await codeOf(outgoing.check(url))).toBe('ADDRESS_REFUSED')
})

test('a name is judged by where it leads, and one bad address among good ones is enough', async () => {
  const outgoing = openOutgoing({
    resolve: names({
      'inside.example': ['10.0.0.7'],
      'both.example': ['8.8.8.8', '127.0.0.1'],
      'mapped.example': ['::ffff:192.168.0.1'],
      'good.example': ['8.8.8.8', '2606:4700::1111'],
    }),
  })
  for (const name of ['inside.example', 'both.example', 'mapped.example'])
    expect([name, await codeOf(outgoing.check(`https://${name}/`))]).toEqual([name, 'ADDRESS_REFUSED'])
  expect(await codeOf(outgoing.check('https://good.example/hook?a=b'))).toBe('ASKED')
  expect(await codeOf(outgoing.check('https://good.example:8443/'))).toBe('ASKED')
})

test('the internet is asked by https alone, at ports where web servers are', async () => {
  const outgoing = openOutgoing({ resolve: names({ 'good.example': ['8.8.8.8'] }) })
  for (const url of [
    'http://good.example/',
    'https://good.example:22/',
    'https://good.example:25/',
    'https://good.example:6379/',
  ])
    expect([url, await codeOf(outgoing.check(url))]).toEqual([url, 'ADDRESS_REFUSED'])
})

test('a name that leads nowhere is let through by a look, because it may lead somewhere tomorrow, and fails when it is asked', async () => {
  const outgoing = openOutgoing({ resolve: names({}) })
  expect(await codeOf(outgoing.check('https://nowhere.example/'))).toBe('ASKED')
  expect(await codeOf(post(outgoing, 'https://nowhere.example/'))).toBe('NAME_UNKNOWN')
})

test.each([
  'https://localhost./',
  'https://app.localhost/',
  'https://ip6-localhost/',
  'https://postgres/',
  'https://metadata.google.internal/',
  'https://printer.local/',
  'https://nas.home.arpa./',
  'http://nowhere.example/',
  'https://nowhere.example:22/',
  'https://nowhere.example:6379/',
])('%s cannot become good, and is refused whether or not somebody knows the name', async (url) => {
  const host = new URL(url).hostname
  for (const resolve of [names({}), names({ [host]: ['8.8.8.8'] })]) {
    expect(await codeOf(openOutgoing({ resolve }).check(url))).toBe('ADDRESS_REFUSED')
    // The same for an installation that allows a host of its own.
    expect(await codeOf(openOutgoing({ resolve, allow: 'n8n:5678' }).check(url))).toBe('ADDRESS_REFUSED')
  }
  const mayLeadIn = openOutgoing({ resolve: names({}), allow: '10.1.0.0/16' })
  expect(await codeOf(mayLeadIn.check(url))).toBe('ASKED')
})

test('a name that changes its mind is asked once, and connected to where it was looked at', async () => {
  const port = await serve((_request, response) => response.end('here'))
  const answers = [['127.0.0.1'], ['10.255.255.1']]
  let asked = 0
  const outgoing = openOutgoing({
    allow: '127.0.0.1/32',
    resolve: () => Promise.resolve(answers[asked++] ?? []),
  })
  expect((await post(outgoing, `http://turning.example:${port}/`)).body).toBe('here')
  expect(asked).toBe(1)
  expect(await codeOf(post(outgoing, `http://turning.example:${port}/`))).toBe('ADDRESS_REFUSED')
})

test('what the installation allows is asked: a network at any port, a host at its own', async () => {
  const port = await serve((_request, response) => response.end('n8n'))
  const resolve = names({ n8n: ['127.0.0.1'] })
  const byHost = openOutgoing({ allow: `n8n:${port}`, resolve })
  expect((await post(byHost, `http://n8n:${port}/webhook/x`)).body).toBe('n8n')
  expect(await codeOf(post(byHost, `http://n8n:${port + 1}/`))).toBe('ADDRESS_REFUSED')
  expect(await codeOf(post(byHost, `http://127.0.0.1:${port}/`))).toBe('ADDRESS_REFUSED')
  const byNetwork = openOutgoing({ allow: '192.168.0.0/16, 127.0.0.0/8 fd00::/8', resolve })
  expect((await post(byNetwork, `http://127.0.0.1:${port}/`)).body).toBe('n8n')
  expect((await post(byNetwork, `http://n8n:${port}/`)).body).toBe('n8n')
  expect(await codeOf(byNetwork.check('http://10.0.0.1/'))).toBe('ADDRESS_REFUSED')
})

test('a list that cannot be read is refused with the entry at fault', () => {
  for (const entry of ['n8n', '10.0.0.0/33', '10.0.0/8', 'host:0', 'host:99999', 'http://n8n:5678'])
    expect(() => toAllowList(`10.0.0.0/8,${entry}`)).toThrow(`“${entry}”`)
})

test('a redirect is an answer: what it points at is not asked', async () => {
  let asked = 0
  const inner = await serve((_request, response) => {
    asked += 1
    response.end('secret')
  })
  const port = await serve((_request, response) => {
    response.writeHead(302, { location: `http://127.0.0.1:${inner}/` }).end()
  })
  const outgoing = openOutgoing({ allow: `localhost:${port}`, resolve: names({ localhost: ['127.0.0.1'] }) })
  expect(await post(outgoing, `http://localhost:${port}/`)).toMatchObject({ status: 302, body: '' })
  expect(asked).toBe(0)
})

test('a certificate is verified, and that of another host does not hold', async () => {
  const port = await serve((_request, response) => response.end('safe'), true)
  const options = {
    allow: '127.0.0.0/8',
    resolve: names({ localhost: ['127.0.0.1'], 'other.example': ['127.0.0.1'] }),
  }
  expect(await codeOf(post(openOutgoing(options), `https://localhost:${port}/`))).toBe('CERTIFICATE')
  const trusting = openOutgoing({ ...options, ca: testCertificate })
  expect((await post(trusting, `https://localhost:${port}/`)).body).toBe('safe')
  expect(await codeOf(post(trusting, `https://other.example:${port}/`))).toBe('CERTIFICATE')
})

async function answerOf(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
  more: { answerBytes?: number; timeoutMs?: number } = {},
): Promise<OutgoingAnswer> {
  const port = await serve(listener)
  return post(openOutgoing({ allow: '127.0.0.0/8' }), `http://127.0.0.1:${port}/a?b=c`, more)
}

test('an endless answer is read no further than told', async () => {
  const answer = await answerOf((_request, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('é'.repeat(10_000)));
      response.once('drain', more)
    }
    more()
  })
  expect(answer).toMatchObject({ status: 200, cut: true, body: 'é'.repeat(512) })
})

test('a server that says nothing, or never ends, is given up in time', async () => {
  expect(await codeOf(answerOf(() => {}, { timeoutMs: 200 }))).toBe('TIMED_OUT')
  const slowly = (_request: IncomingMessage, response: ServerResponse): void => void response.write('a')
  expect(await codeOf(answerOf(slowly, { timeoutMs: 200 }))).toBe('TIMED_OUT')
})

test('a server that is not there, or breaks off, is told from one that answers', async () => {
  const port = await serve(() => {})
  const [server] = servers.splice(0)
  server?.close()
  if (server) await once(server, 'close')
  const outgoing = openOutgoing({ allow: '127.0.0.0/8' })
  expect(await codeOf(post(outgoing, `http://127.0.0.1:${port}/`))).toBe('NOT_REACHED')
  expect(await codeOf(answerOf((request) => void request.socket.destroy()))).toBe('NOT_REACHED')
})

test('a server says when it wants to be asked again', async () => {
  const answer = await answerOf(
    (_request, response) => void response.writeHead(429, { 'retry-after': '120' }).end('later'),
  )
  expect(answer).toMatchObject({ status: 429, retryAfterMs: 120_000, body: 'later' })
})

test('who stops waiting is told why, and too much is not sent', async () => {
  const port = await serve(() => {})
  const outgoing = openOutgoing({ allow: '127.0.0.0/8' })
  const request = { url: `http://127.0.0.1:${port}/`, headers: {}, body: '{}', timeoutMs: 20_000, answerBytes: 10 }
  await expect(
    outgoing.post({ ...request, signal: AbortSignal.abort(new Error('The process stops.')) }),
  ).rejects.toThrow('The process stops.')
  await expect(outgoing.post({ ...request, body: 'a'.repeat(1_000_001) })).rejects.toThrow(RangeError)
})
