import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { abuses } from '@passerelle/gateway/abuse/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { preparePasserelle, type Passerelle } from './passerelle.ts'

const documents = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../graph-schema/web-documents.json'), 'utf8'),
) as Record<string, string>

/** The name of a document of the web application, by that of its operation. */
function nameOf(operation: string): string {
  const found = Object.entries(documents).find(([, text]) =>
    new RegExp(`^(query|mutation) ${operation}\\b`, 'm').test(text),
  )
  if (!found) throw new Error(`The web application does not ask ${operation}.`)
  return found[0]
}

interface Answer {
  data?: Record<string, Record<string, unknown>>
  errors?: { extensions: { code: string; requestId: string } }[]
}

let house: Passerelle
let session: string

async function post(body: unknown, { token, headers }: { token?: string; headers?: Record<string, string> } = {}) {
  const response = await fetch(`${house.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }), ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { response, answer: (await response.json()) as Answer }
}

async function logIn(): Promise<string> {
  const variables = { email: 'demo@passerelle.local', password: house.demoPassword }
  const { answer } = await post({ documentId: nameOf('LogIn'), variables })
  return String(answer.data?.logIn?.accessToken)
}

beforeAll(async () => {
  house = await preparePasserelle({ PASSERELLE_EXPLORER: 'off', LOG_LEVEL: 'info' })
  await house.start()
  session = await logIn()
})

afterAll(() => house.remove())

test('makes its demo, and answers people what the application asks, where they may ask nothing else', async () => {
  const shipments = await post({ documentId: nameOf('Shipments'), variables: { first: 5 } }, { token: session })
  expect(shipments.answer.data?.shipments?.totalCount).toBeGreaterThan(0)
  const free = await post({ query: '{ shipments { totalCount } }' }, { token: session })
  expect(free.response.status).toBe(403)
  expect(free.answer.errors?.[0]?.extensions.code).toBe('DOCUMENT_NOT_TRUSTED')
})

test('answers a program what it asks, and its schema', async () => {
  const input = { name: 'Programme', kind: 'INTERNAL', scopes: ['record:read'] }
  const made = await post({ documentId: nameOf('CreateApiKey'), variables: { input } }, { token: session })
  const token = String(made.answer.data?.createApiKey?.token)
  const { answer } = await post({ query: '{ shipments { totalCount } __schema { queryType { name } } }' }, { token })
  expect(answer.data).toMatchObject({ shipments: { totalCount: expect.any(Number) }, __schema: { queryType: {} } })
})

test('refuses every abuse, and has each in its log', async () => {
  for (const { name, body, headers = {} } of abuses) {
    const { response, answer } = await post(body, { headers })
    const requestId = response.headers.get('x-request-id') ?? ''
    expect(answer.data, name).toBeUndefined()
    expect(answer.errors?.[0]?.extensions, name).toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/), requestId })
    await expect.poll(() => house.output, { message: name }).toContain(requestId)
  }
})

test('counts what is asked as its settings say', async () => {
  await house.stop()
  await house.start({ PASSERELLE_RATE_KEY: '120', PASSERELLE_EXPLORER: 'on' })
  session = await logIn()
  const ask = () => post({ query: '{ shipments(first: 50) { nodes { id } } }' }, { token: session })
  const first = await ask()
  expect(first.response.headers.get('ratelimit-limit')).toBe('120')
  expect(Number(first.response.headers.get('ratelimit-remaining'))).toBe(68)
  await ask()
  const refused = await ask()
  expect(refused.response.status).toBe(429)
  expect(Number(refused.response.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(refused.answer.errors?.[0]?.extensions.code).toBe('RATE_LIMITED')
})
