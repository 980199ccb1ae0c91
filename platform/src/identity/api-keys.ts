import { randomBytes, timingSafeEqual } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Coordination } from '../coordination/coordination.ts'
import type { TokenKeys } from './tokens.ts'

/**
 * API keys: `pk_<id>_<secret><seal><checksum>`. The secret has 256 bits of chance. The checksum is anybody's to compute: a mistyped key, and a text that
 * only looks like one, are told without asking. The seal is this installation's own: a key that was made up is refused without a look into any store, so that
 * trying keys costs the house nothing.
 */
export interface ApiKeys {
  /** A new secret for the key of this id (`key_…`): the token, to be shown once, and the hash, to be kept. */
  create(id: string): { token: string; hash: string }
  /** What a token of ours says of itself; null for one that this installation never made. Whether it still holds is for the hash to find out. */
  read(token: string): { id: string; hash: string } | null
}

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const secretLength = 43
const sealLength = 11
const checksumLength = 6
const form = new RegExp(
  `^(pk_([0-9a-f]{32})_([0-9A-Za-z]{${secretLength}}))([0-9A-Za-z]{${sealLength}})([0-9A-Za-z]{${checksumLength}})$`,
)

/** Whether a token is meant to be an API key, whatever it is worth. */
export function looksLikeApiKey(token: string): boolean {
  return token.startsWith('pk_')
}

/** Whether a token is a whole API key, typed right, of whichever installation. */
export function isWellTypedApiKey(token: string): boolean {
  return form.test(token) && checksumOf(token.slice(0, -checksumLength)) === token.slice(-checksumLength)
}

/** The part of a token that is no secret, by which people and scanners know the key: `pk_<id>`. */
export function apiKeyStart(id: string): string {
  return `pk_${id.replace(/^key_/, '')}`
}

/**
 * API keys under the installation's own hashes. One fast keyed hash is right for what is kept: the secret is all chance, so there is nothing to guess that
 * slowness would protect, and every request pays for it; without the installation's secret a stolen table cannot even be checked against.
 */
export function openApiKeys({ mac }: Pick<TokenKeys, 'mac'>): ApiKeys {
  const hashOf = (token: string) => mac('api key hash', token)
  const sealOf = (open: string) =>
    toDigits(Buffer.from(mac('api key seal', open), 'base64url').subarray(0, 8), sealLength)
  return {
    create(id) {
      const open = `${apiKeyStart(id)}_${toDigits(randomBytes(32), secretLength)}`
      const sealed = open + sealOf(open)
      const token = sealed + checksumOf(sealed)
      return { token, hash: hashOf(token) }
    },
    read(token) {
      const [, open = '', id = '', , seal = ''] = form.exec(token) ?? []
      if (!open || !isWellTypedApiKey(token) || !isSame(seal, sealOf(open))) return null
      return { id: `key_${id}`, hash: hashOf(token) }
    },
  }
}

/** Keys are asked about before it is known whose they are. */
const nobody = 'platform'
/** Longer than any process remembers what it knows of a key. */
const changeSeconds = 3600

/** Which change of a key was the last one: what is remembered from before another one does not hold. Null where none was told lately. */
export function lastApiKeyChange({ memory }: Pick<Coordination, 'memory'>, id: string): Promise<string | null> {
  return memory.get(nobody, changeOf(id))
}

/** Tells every process that a key is not any more what they remember of it. */
export async function tellApiKeyChanged(
  { memory }: Pick<Coordination, 'memory'>,
  { id, change }: { id: string; change: string },
): Promise<void> {
  await memory.set(nobody, changeOf(id), change, changeSeconds)
}

function changeOf(id: string): string {
  return `api-key-changed:${id}`
}

function checksumOf(text: string): string {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(crc32(text))
  return toDigits(bytes, checksumLength)
}

function toDigits(bytes: Uint8Array, length: number): string {
  let rest = BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  let text = ''
  for (; rest > 0n; rest /= 62n) text = digits[Number(rest % 62n)] + text
  return text.padStart(length, '0')
}

function isSame(left: string, right: string): boolean {
  return left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right))
}
