import { createHmac, randomBytes } from 'node:crypto'

/** A new secret, as receivers' libraries take it. */
export function newWebhookSecret(): string {
  return `whsec_${randomBytes(32).toString('base64')}`
}

interface Message {
  /** The same for the same message, however often it is sent. */
  id: string
  body: string
  at: Date
}

/**
 * The three headers of the Standard Webhooks specification (standardwebhooks.com): a receiver computes HMAC-SHA-256 over id, moment and body with the secret that it
 * was given, and refuses what is older than a few minutes. Every secret signs, so that a receiver may take over a new one when it likes.
 */
export function signatureHeaders({ id, body, at }: Message, secrets: readonly string[]): Record<string, string> {
  const moment = String(Math.floor(at.getTime() / 1000))
  return {
    'webhook-id': id,
    'webhook-timestamp': moment,
    'webhook-signature': secrets.map((secret) => `v1,${sign(secret, `${id}.${moment}.${body}`)}`).join(' '),
  }
}

function sign(secret: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  return createHmac('sha256', key).update(text).digest('base64')
}
