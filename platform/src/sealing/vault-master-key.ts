import { z } from 'zod'
import { EngineUnavailable } from '../schema/refusals.ts'
import { MasterKeyMissing, type MasterKey } from './master-key.ts'

export interface VaultAddress {
  /** Where the key is: `https://vault:8200/v1/transit/keys/passerelle`. */
  url: string
  token: string
  /** Enterprise servers have several name spaces. */
  namespace?: string | undefined
}

const patienceMs = 10_000

const encrypted = z.object({ data: z.object({ ciphertext: z.string().regex(/^vault:v\d+:/) }) })
const decrypted = z.object({ data: z.object({ plaintext: z.base64() }) })
const described = z.object({ data: z.object({ type: z.string(), latest_version: z.number() }) })
const failed = z.object({ errors: z.array(z.string()) })

/** True for the address of a key of a Transit engine. */
export function isVaultKeyUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && /^\/v1\/.+\/keys\/[\w.-]+$/.test(url.pathname)
}

/**
 * A master key that never leaves a key server: HashiCorp Vault's Transit engine, or OpenBao's, over HTTP. The server wraps and unwraps the data keys, each
 * bound to its context as associated data; versions of the key are its own, and it unwraps with all of them.
 */
export function openVaultMasterKey({ url, token, namespace }: VaultAddress): MasterKey {
  const { origin, pathname } = new URL(url)
  const name = pathname.split('/').at(-1) ?? ''
  const id = `vault:${name}`

  async function call<Answer>(verb: 'encrypt' | 'decrypt' | 'keys', schema: z.ZodType<Answer>, body?: object) {
    const path = pathname.replace(/\/keys\/([\w.-]+)$/, `/${verb}/$1`)
    const response = await fetch(`${origin}${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        'content-type': 'application/json',
        'x-vault-token': token,
        'x-vault-request': 'true',
        ...(namespace && { 'x-vault-namespace': namespace }),
      },
      ...(body && { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(patienceMs),
    }).catch((error: unknown) => {
      throw new EngineUnavailable('sealing', error)
    })
    const answer: unknown = await response.json().catch(() => null)
    if (!response.ok) throw new EngineUnavailable('sealing', new Error(describe(response.status, answer)))
    const read = schema.safeParse(answer)
    if (!read.success) throw new EngineUnavailable('sealing', new Error('The key server answered something else.'))
    return read.data
  }

  const bound = (context: string): string => Buffer.from(context, 'utf8').toString('base64')
  return {
    id,
    holds: (wanted) => wanted === id,
    async wrap(key, context) {
      const body = { plaintext: Buffer.from(key).toString('base64'), associated_data: bound(context) }
      return (await call('encrypt', encrypted, body)).data.ciphertext
    },
    async unwrap({ master, wrapped }, context) {
      if (master !== id) throw new MasterKeyMissing([master])
      const { data } = await call('decrypt', decrypted, { ciphertext: wrapped, associated_data: bound(context) })
      return Buffer.from(data.plaintext, 'base64')
    },
    async health() {
      const { data } = await call('keys', described)
      if (!/^(aes\d+-gcm96|chacha20-poly1305)$/.test(data.type))
        throw new EngineUnavailable(
          'sealing',
          new Error(`The key ${name} is of type ${data.type}, which binds no context.`),
        )
    },
  }
}

/** What the server says is wrong, without what it was sent. */
function describe(status: number, answer: unknown): string {
  const said = failed.safeParse(answer)
  return `The key server answered ${status}${said.success ? `: ${said.data.errors.join('; ').slice(0, 200)}` : ''}.`
}
