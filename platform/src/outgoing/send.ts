import { request as requestHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as requestHttps } from 'node:https'
import { isIP, isIPv6, type LookupFunction } from 'node:net'
import type { OutgoingAnswer } from './outgoing.ts'
import type { Target } from './target.ts'

interface Sending {
  headers: Readonly<Record<string, string>>
  body: string
  answerBytes: number
  ca: string | undefined
  signal: AbortSignal
}

/** Sends to one of the target's addresses, on a connection of its own, and reads the beginning of the answer. */
export async function send(target: Target, sending: Sending): Promise<Omit<OutgoingAnswer, 'latencyMs'>> {
  const response = await begin(target, sending)
  const { body, cut } = await readBeginning(response, sending.answerBytes)
  return {
    status: response.statusCode ?? 0,
    body,
    cut,
    retryAfterMs: toRetryAfter(response.headers['retry-after']),
  }
}

function begin(
  { url, host, port, addresses }: Target,
  { headers, body, ca, signal }: Sending,
): Promise<IncomingMessage> {
  const options: RequestOptions & { ca?: string | undefined; servername?: string } = {
    method: 'POST',
    host,
    port,
    path: `${url.pathname}${url.search}`,
    // What was checked is what is connected to: the name is not asked for again.
    lookup: pinned(addresses),
    agent: false,
    maxHeaderSize: 16_384,
    signal,
    headers: {
      ...headers,
      host: url.host,
      'content-length': String(Buffer.byteLength(body)),
      'accept-encoding': 'identity',
    },
  }
  const secure = { ...options, ca, rejectUnauthorized: true, ...(isIP(host) === 0 && { servername: host }) }
  return new Promise((resolve, reject) => {
    const request = url.protocol === 'https:' ? requestHttps(secure) : requestHttp(options)
    request.on('response', resolve)
    request.on('error', reject)
    request.end(body)
  })
}

function pinned(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }))
  return (_host, { all }, tell) => {
    const [first] = found
    if (all) tell(null, found)
    else tell(null, first?.address ?? '', first?.family)
  }
}

async function readBeginning(response: IncomingMessage, most: number): Promise<{ body: string; cut: boolean }> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size > most) break
  }
  response.destroy()
  const body = Buffer.concat(chunks).subarray(0, most).toString('utf8')
  // PostgreSQL has no U+0000, and what stands at the cut may be half a character.
  return { body: body.replaceAll('\u0000', '').replace(/\uFFFD$/, ''), cut: size > most }
}

function toRetryAfter(header: string | undefined): number | null {
  if (!header) return null
  const wait = /^\d{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now()
  return Number.isFinite(wait) && wait > 0 ? wait : null
}
