import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { Blobs } from './blobs.ts'
import { toS3Place } from './s3-address.ts'
import { startTestS3, testCredentials, type TestS3 } from './s3.testing.ts'
import { openS3Blobs } from './s3.ts'

const log = createLog({ name: 'test', level: 'silent' })
const AMPLE = { maxBytes: 100_000_000 }
/** More than two pieces. */
const LARGE = 20_000_000

describe('blobs in a bucket', () => {
  let folder: string
  let server: TestS3
  let blobs: Blobs
  let answer: (request: IncomingMessage, response: ServerResponse) => boolean

  const open = (address = `s3://papers?endpoint=${server.endpoint}`, credentials = testCredentials) =>
    openS3Blobs({ ...toS3Place(address), credentials, folder: join(folder, 'spool'), log })

  beforeEach(async () => {
    answer = () => false
    folder = await mkdtemp(join(tmpdir(), 'passerelle-s3-'))
    const before = (request: IncomingMessage, response: ServerResponse) => answer(request, response)
    server = await startTestS3({ folder: join(folder, 'server'), bucket: 'papers', before })
    blobs = await open()
  })
  afterEach(async () => {
    await blobs.close()
    await server.close()
    await rm(folder, { recursive: true })
  })

  it('takes a large file in pieces and gives it back whole, or from its middle', async () => {
    const bytes = randomBytes(LARGE)
    const urls: string[] = []
    answer = ({ method, url = '' }) => (method === 'PUT' && urls.push(url), false)
    const { hash } = await blobs.put('org_a', Readable.from([bytes]), AMPLE)
    expect(urls.filter((url) => url.includes('partNumber'))).toHaveLength(3)
    const blob = await blobs.open('org_a', hash)
    expect((await buffer(blob?.stream ?? Readable.from([]))).equals(bytes)).toBe(true)
    const part = await blobs.open('org_a', hash, { start: 9_000_000, end: 9_000_099 })
    expect(part?.size).toBe(LARGE)
    expect((await buffer(part?.stream ?? Readable.from([]))).equals(bytes.subarray(9_000_000, 9_000_100))).toBe(true)
  })

  it('leaves no piece of an upload that fails half-way, and says that the engine is away', async () => {
    answer = ({ url = '' }, response) => {
      if (!url.includes('partNumber=2')) return false
      response.writeHead(403).end()
      return true
    }
    await expect(blobs.put('org_a', Readable.from([randomBytes(LARGE)]), AMPLE)).rejects.toBeInstanceOf(
      EngineUnavailable,
    )
    await expect.poll(() => server.uploads()).toEqual([])
    expect(await readdir(join(folder, 'spool'))).toEqual([])
  })

  it('sweeps the pieces that a killed process left a day ago, and leaves those of today', async () => {
    answer = ({ url = '', method }, response) => {
      if (!url.includes('uploadId') || method === 'GET') return false
      response.destroy()
      return true
    }
    await expect(blobs.put('org_a', Readable.from([randomBytes(LARGE)]), AMPLE)).rejects.toBeInstanceOf(
      EngineUnavailable,
    )
    answer = () => false
    expect(await server.uploads()).toHaveLength(1)
    const listed = Promise.withResolvers<void>()
    answer = ({ url = '' }, response) => (url.includes('uploads') && response.on('finish', listed.resolve), false)
    const today = await open()
    await listed.promise
    await today.close()
    expect(await server.uploads()).toHaveLength(1)
    await server.ageUploads(new Date(Date.now() - 25 * 3_600_000))
    const tomorrow = await open()
    await expect.poll(() => server.uploads(), { timeout: 10_000 }).toEqual([])
    await tomorrow.close()
  })

  it('tries again what the server refuses in passing', async () => {
    let refusals = 2
    answer = ({ method }, response) => {
      if (method !== 'PUT' || refusals-- <= 0) return false
      response.writeHead(503).end()
      return true
    }
    const { hash } = await blobs.put('org_a', Readable.from([Buffer.from('enfin')]), AMPLE)
    expect(await blobs.withFile('org_a', hash, async () => 'there')).toBe('there')
  })

  it('breaks a stream that the server cuts as an engine that is away', async () => {
    const { hash } = await blobs.put('org_a', Readable.from([randomBytes(1_000_000)]), AMPLE)
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': 1_000_000 })
      response.write(randomBytes(1_000), () => response.destroy())
      return true
    }
    const blob = await blobs.open('org_a', hash)
    await expect(buffer(blob?.stream ?? Readable.from([]))).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(blobs.withFile('org_a', hash, async () => 'reached')).rejects.toBeInstanceOf(EngineUnavailable)
    expect(await readdir(join(folder, 'spool'))).toEqual([])
  })

  it('is away without its bucket, with wrong keys, and when nobody listens', async () => {
    const places = [
      await open(`s3://elsewhere?endpoint=${server.endpoint}`),
      await open(undefined, { accessKeyId: 'UNKNOWN', secretAccessKey: 'S3RVER' }),
      await open('s3://papers?endpoint=http://127.0.0.1:9'),
    ]
    for (const place of places) {
      await expect(place.health()).rejects.toMatchObject({ engine: 'blobs' })
      await expect(place.open('org_a', 'a'.repeat(64))).rejects.toMatchObject({ engine: 'blobs' })
      await place.close()
    }
  })
})

test('an address names the bucket, a folder in it, and how to reach it', () => {
  expect(toS3Place('s3://papers')).toEqual({
    bucket: 'papers',
    prefix: '',
    endpoint: undefined,
    region: 'us-east-1',
    pathStyle: false,
  })
  expect(toS3Place('s3://papers/a/b/?endpoint=https://s3.example&region=fr-par&pathStyle=off')).toEqual({
    bucket: 'papers',
    prefix: 'a/b/',
    endpoint: 'https://s3.example',
    region: 'fr-par',
    pathStyle: false,
  })
  expect(toS3Place('s3://papers?endpoint=http://minio:9000').pathStyle).toBe(true)
})

test.each([
  ['https://papers', 'is not an s3:// address'],
  ['s3://', 'names no bucket'],
  ['s3://key:secret@papers', 'holds credentials: set BLOBS_ACCESS_KEY_ID'],
  ['s3://papers?endpoint=minio:9000', 'has an endpoint that is not an http(s) address'],
  ['s3://papers?pathStyle=perhaps', 'has a pathStyle that is neither on nor off'],
  ['s3://papers?zone=fr', 'has a parameter that is not known here: zone'],
])('the address %s is refused in a sentence', (address, sentence) => {
  expect(() => toS3Place(address)).toThrow(sentence)
})
