import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'

/** Signs texts with Ed25519, so that whoever has the public key can tell that the installation wrote them. */
export interface Signer {
  keyId: string
  /** DER (SubjectPublicKeyInfo) in base64. */
  publicKey: string
  /** In base64. */
  sign(text: string): string
}

/** A new private key, as DER (PKCS 8). */
export function newSigningKey(): Uint8Array {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })
}

export function createSigner(keyId: string, der: Uint8Array): Signer {
  const key = createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })
  return {
    keyId,
    publicKey: createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64'),
    sign: (text) => sign(null, Buffer.from(text, 'utf8'), key).toString('base64'),
  }
}

/** False for a text that was changed, for another key, and for what is no key or signature at all. */
export function verifySignature(
  text: string,
  { publicKey, signature }: { publicKey: string; signature: string },
): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
    return (
      key.asymmetricKeyType === 'ed25519' &&
      verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'))
    )
  } catch {
    return false
  }
}
