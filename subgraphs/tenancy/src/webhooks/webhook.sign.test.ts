import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { Webhook } from 'standardwebhooks'
import { newWebhookSecret, signatureHeaders } from './webhook.sign.ts'

const body = JSON.stringify({ type: 'shipment.created', data: { id: 'shp_1', note: 'é €' } })

/** The example of docs/webhooks.md, as a receiver would copy it. */
async function loadExample(): Promise<
  (message: { headers: Record<string, string>; body: string; secret: string }) => unknown
> {
  const page = await readFile(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const { verifyMessage } = await import(`data:text/javascript,${encodeURIComponent(code)}`)
  return verifyMessage
}

test('the library that receivers use takes a message, by the old secret and by the new one, and no other', () => {
  const [old, current, foreign] = [newWebhookSecret(), newWebhookSecret(), newWebhookSecret()]
  const headers = signatureHeaders({ id: 'dlv_1', body, at: new Date() }, [current, old])
  for (const secret of [old, current]) expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body))
  expect(() => new Webhook(foreign).verify(body, headers)).toThrow('No matching signature')
  expect(() => new Webhook(current).verify(body.replace('shp_1', 'shp_2'), headers)).toThrow('No matching signature')
  expect(() => new Webhook(current).verify(body, { ...headers, 'webhook-id': 'dlv_2' })).toThrow()
  const late = signatureHeaders({ id: 'dlv_1', body, at: new Date(Date.now() - 3_600_000) }, [current])
  expect(() => new Webhook(current).verify(body, late)).toThrow('too old')
})

test('the example of the receivers’ page takes what the library takes, and refuses the rest', async () => {
  const verifyMessage = await loadExample()
  const [secret, old] = [newWebhookSecret(), newWebhookSecret()]
  const headers = signatureHeaders({ id: 'dlv_1', body, at: new Date() }, [secret, old])
  expect(verifyMessage({ headers, body, secret })).toEqual(JSON.parse(body))
  expect(verifyMessage({ headers, body, secret: old })).toEqual(JSON.parse(body))
  expect(() => verifyMessage({ headers, body: `${body} `, secret })).toThrow('not from Passerelle')
  expect(() => verifyMessage({ headers, body, secret: newWebhookSecret() })).toThrow('not from Passerelle')
  const late = signatureHeaders({ id: 'dlv_1', body, at: new Date(Date.now() - 3_600_000) }, [secret])
  expect(() => verifyMessage({ headers: late, body, secret })).toThrow('too old')
})
