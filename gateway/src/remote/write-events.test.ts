import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { afterEach, expect, test, vi } from 'vitest'
import { createChannel, type Channel } from '@passerelle/platform/facts/channel'
import { closeServer, listen } from '../server/listen.ts'
import { writeEvents } from './write-events.ts'

const closing: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** The two ends of one answer: what is written, and who reads it. */
async function openAnswer() {
  const { promise: asked, resolve } = Promise.withResolvers<ServerResponse>()
  const server = createServer((_request, response) => resolve(response))
  const url = await listen(server, { host: '127.0.0.1', port: 0 })
  closing.push(() => closeServer(server, 0))
  const reader = request(url).on('error', () => undefined)
  reader.end()
  return { response: await asked, reader }
}

const write = (source: AsyncIterable<ExecutionResult>, response: ServerResponse, ending = new AbortController()) =>
  writeEvents(source, { response, hide: (result) => result, ending: ending.signal })

function openSource(): { source: Channel<ExecutionResult>; ended(): number } {
  let ends = 0
  return { source: createChannel<ExecutionResult>(() => void ends++), ended: () => ends }
}

test('leaves nothing on the answer for an event that had to wait until it was read', async () => {
  const { response, reader } = await openAnswer()
  const heard = () => ['close', 'error', 'drain'].map((name) => response.listenerCount(name))
  const counts: number[][] = []
  async function* source() {
    for (let event = 0; event < 50; event++) {
      counts.push(heard())
      yield { data: { text: 'x'.repeat(100_000) } }
    }
  }
  const before = heard()
  reader.on('response', (answer: IncomingMessage) => answer.resume())
  await write(source(), response)
  expect(new Set(counts.map(String)).size).toBe(1)
  await vi.waitUntil(() => response.closed)
  expect(heard()).toEqual(before)
})

test('ends the source of a reader who had gone before there was one', async () => {
  const { response, reader } = await openAnswer()
  const gone = once(response, 'close')
  reader.destroy()
  await gone
  const { source, ended } = openSource()
  await write(source, response)
  expect(ended()).toBe(1)
})

test('ends the source of a reader who leaves, whether it waits for an event or for what was written to be read', async () => {
  for (const events of [[], [{ data: { text: 'x'.repeat(50_000_000) } }]]) {
    const { response, reader } = await openAnswer()
    const { source, ended } = openSource()
    for (const event of events) source.push(event)
    const written = write(source, response)
    const [answer] = (await once(reader, 'response')) as [IncomingMessage]
    answer.on('error', () => undefined).destroy()
    await written
    expect(ended()).toBe(1)
  }
})

test('leaves also when the source does not answer to being ended', async () => {
  const { response, reader } = await openAnswer()
  async function* silent(): AsyncGenerator<ExecutionResult> {
    await new Promise(() => undefined)
    yield {}
  }
  const written = write(silent(), response)
  const [answer] = (await once(reader, 'response')) as [IncomingMessage]
  answer.on('error', () => undefined).destroy()
  await written
  expect(response.closed).toBe(true)
})

test('ends the source, and says not that the stream is complete, when the process ends or an event cannot be written', async () => {
  const end = (_source: Channel<ExecutionResult>, ending: AbortController) => ending.abort()
  const fail = (source: Channel<ExecutionResult>) => source.push({ data: { big: 1n } })
  for (const spoil of [end, fail]) {
    const ending = new AbortController()
    const { response, reader } = await openAnswer()
    const { source, ended } = openSource()
    const written = write(source, response, ending).catch((error: unknown) => error)
    const [answer] = (await once(reader, 'response')) as [IncomingMessage]
    const read = answer.setEncoding('utf8').toArray()
    spoil(source, ending)
    await expect(read).rejects.toThrow('aborted')
    await written
    expect(ended()).toBe(1)
  }
})
