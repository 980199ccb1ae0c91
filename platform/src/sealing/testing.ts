import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { Sql } from '../sql/sql.ts'
import { openLocalMasterKey } from './local-master-key.ts'
import { openSealing, type Sealing } from './sealing.ts'

/** Sealing under a master key that every test knows. A new key writes at once: there is one process. */
export function openTestSealing(sql: Sql): Sealing {
  return openSealing({ sql, master: openLocalMasterKey([new Uint8Array(32).fill(7)]), rememberMs: 0 })
}

export interface TestVault {
  /** Of its one key. */
  url: string
  token: string
  /** Makes a new version of the key; the older ones go on opening. */
  rotate(): void
  /** What it was asked for: `encrypt`, `decrypt`, `keys`. */
  readonly calls: string[]
  close(): Promise<void>
}

/** A server that speaks the part of Vault's Transit that is used: versions of one key, associated data, its errors. */
export async function startTestVault(): Promise<TestVault> {
  const token = randomBytes(12).toString('hex')
  const versions = [randomBytes(32)]
  const calls: string[] = []
  const server: Server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const [, verb = ''] = /^\/v1\/transit\/(\w+)\/passerelle$/.exec(request.url ?? '') ?? []
      calls.push(verb)
      const answer =
        request.headers['x-vault-token'] === token
          ? answerTo(verb, body, versions)
          : { status: 403, body: { errors: ['permission denied'] } }
      response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/v1/transit/keys/passerelle`,
    token,
    rotate: () => void versions.push(randomBytes(32)),
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

type Answer = { status: number; body: object }

function answerTo(verb: string, body: Record<string, string>, versions: readonly Buffer[]): Answer {
  if (verb === 'keys') return { status: 200, body: { data: { type: 'aes256-gcm96', latest_version: versions.length } } }
  const bound = Buffer.from(body['associated_data'] ?? '', 'base64')
  if (verb === 'encrypt') {
    const nonce = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', versions.at(-1) ?? Buffer.alloc(0), nonce)
    cipher.setAAD(bound)
    const bytes = [nonce, cipher.update(body['plaintext'] ?? '', 'base64'), cipher.final(), cipher.getAuthTag()]
    const ciphertext = `vault:v${versions.length}:${Buffer.concat(bytes).toString('base64')}`
    return { status: 200, body: { data: { ciphertext, key_version: versions.length } } }
  }
  if (verb !== 'decrypt') return { status: 404, body: { errors: [] } }
  const [, version = '0', text = ''] = /^vault:v(\d+):(.+)$/.exec(body['ciphertext'] ?? '') ?? []
  const bytes = Buffer.from(text, 'base64')
  try {
    const key = versions[Number(version) - 1] ?? Buffer.alloc(0)
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
    decipher.setAAD(bound)
    decipher.setAuthTag(bytes.subarray(-16))
    const plaintext = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('base64')
    return { status: 200, body: { data: { plaintext } } }
  } catch {
    return { status: 400, body: { errors: ['cipher: message authentication failed'] } }
  }
}

async function readBody(request: IncomingMessage): Promise<Record<string, string>> {
  let text = ''
  for await (const chunk of request) text += String(chunk)
  return text === '' ? {} : (JSON.parse(text) as Record<string, string>)
}
