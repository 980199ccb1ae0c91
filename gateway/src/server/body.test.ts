import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { readJson, UnreadableBody } from './body.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function arriving(): { request: IncomingMessage; body: PassThrough } {
  const body = new PassThrough()
  return {
    body,
    request: Object.assign(body, { headers: { 'content-type': 'application/json' } }) as PassThrough & IncomingMessage,
  }
}

test('reads a body whole, in however many pieces it comes', async () => {
  const { request, body } = arriving()
  const read = readJson(request)
  const text = JSON.stringify({ query: 'é'.repeat(30_000) })
  for (const byte of Buffer.from(text)) body.write(Buffer.of(byte))
  body.end()
  expect(await read).toEqual(JSON.parse(text))
})

test('holds no more of a body that comes byte by byte than its bytes', async () => {
  const { request, body } = arriving()
  const read = readJson(request)
  collect()
  const before = process.memoryUsage().heapUsed
  for (let count = 0; count < 200_000; count++) body.write(Buffer.alloc(1, ' '))
  await new Promise((resolve) => setImmediate(resolve))
  collect()
  // Kept one by one they take twenty.
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(8_000_000)
  body.end('{}')
  expect(await read).toEqual({})
})

test('refuses a body that grows beyond what it may have, wherever it is cut into pieces', async () => {
  const { request, body } = arriving()
  const refused = readJson(request, 20_000).catch((error: unknown) => error)
  for (let count = 0; count < 21; count++) body.write(Buffer.alloc(1_000, ' '))
  expect(await refused).toBeInstanceOf(UnreadableBody)
})
