import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from 'node:crypto'

/** What a key pair is made of. The newest whose time has come signs; all of them verify. */
export interface SigningSeed {
  /** 32 bytes. */
  seed: Uint8Array
  /** From when on it signs: late enough for every process to know its public half by then. */
  signsFrom: Date
}

/** A key of the ring, by the name that tokens and the published set call it. */
export interface SigningKey {
  kid: string
  privateKey: KeyObject
  publicKey: KeyObject
  signsFrom: Date
  /** Its public half as it is published. */
  jwk: PublicJwk
}

export interface PublicJwk {
  kty: 'OKP'
  crv: 'Ed25519'
  x: string
  kid: string
  alg: 'EdDSA'
  use: 'sig'
}

/** What stands before the seed in a private Ed25519 key (PKCS #8, RFC 8410). */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The first key of an installation that never changed it: made of its secret, so that older secrets need nothing new. */
export function firstSeed(tokenKey: Uint8Array): SigningSeed {
  const seed = new Uint8Array(hkdfSync('sha256', tokenKey, '', 'passerelle access tokens', 32))
  return { seed, signsFrom: new Date(0) }
}

/** Makes keys of seeds, each once. */
export function createKeyRing(seeds: () => readonly SigningSeed[]): { keys(): SigningKey[]; signer(): SigningKey } {
  const made = new Map<string, SigningKey>()
  const make = (seed: SigningSeed): SigningKey => {
    const name = Buffer.from(seed.seed).toString('base64url')
    const key = made.get(name) ?? toKey(seed)
    made.set(name, key)
    return { ...key, signsFrom: seed.signsFrom }
  }
  const keys = (): SigningKey[] => seeds().map(make)
  return {
    keys,
    signer() {
      const now = Date.now()
      const sorted = keys().toSorted((left, right) => right.signsFrom.getTime() - left.signsFrom.getTime())
      // Where the clock is a little behind, the only key may be of the future.
      const signer = sorted.find(({ signsFrom }) => signsFrom.getTime() <= now) ?? sorted.at(-1)
      if (!signer) throw new Error('There is no key to sign with.')
      return signer
    },
  }
}

function toKey({ seed, signsFrom }: SigningSeed): SigningKey {
  const privateKey = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(privateKey)
  const { x = '' } = publicKey.export({ format: 'jwk' })
  // RFC 7638: the members that name the key, in this order.
  const kid = createHash('sha256')
    .update(JSON.stringify({ crv: 'Ed25519', kty: 'OKP', x }))
    .digest('base64url')
  return {
    kid,
    privateKey,
    publicKey,
    signsFrom,
    jwk: { kty: 'OKP', crv: 'Ed25519', x, kid, alg: 'EdDSA', use: 'sig' },
  }
}
