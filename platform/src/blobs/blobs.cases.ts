import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { InvalidInput, NotFound } from '../schema/refusals.ts'
import { BlobTooLarge, type Blobs } from './blobs.ts'

export interface BlobStore {
  open(): Promise<Blobs>
  /** How many blobs and unfinished pieces there are, of all organisations. */
  count(): Promise<number>
  destroy(): Promise<void>
}

/** What every adapter of the blobs port does. `prepare` makes an empty store. */
export function describeBlobs(name: string, prepare: () => Promise<BlobStore>): void {
  describe(`blobs on ${name}`, () => {
    let store: BlobStore
    let blobs: Blobs
    beforeEach(async () => {
      store = await prepare()
      blobs = await store.open()
    })
    afterEach(async () => {
      await blobs.close()
      await store.destroy()
    })
    describePut(() => ({ store, blobs }))
    describeRead(() => blobs)
    describeWalls(() => ({ store, blobs }))
    describeMarks(() => blobs)
    it('are well', async () => expect(await blobs.health()).toBeUndefined())
  })
}

const AMPLE = { maxBytes: 10_000_000 }
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const put = (blobs: Blobs, bytes: Uint8Array, organizationId = 'org_a') =>
  blobs.put(organizationId, Readable.from(chunks(bytes)), AMPLE)

function* chunks(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += 65_536) yield bytes.subarray(start, start + 65_536)
}

async function read(blobs: Blobs, hash: string, range?: { start: number; end?: number }): Promise<Buffer> {
  const blob = await blobs.open('org_a', hash, range)
  if (!blob) throw new NotFound()
  return buffer(blob.stream)
}

function describePut(given: () => { store: BlobStore; blobs: Blobs }): void {
  it.each([0, 1, 65_536, 3_000_001])('keeps %i bytes as they are, under their SHA-256', async (size) => {
    const { blobs } = given()
    const bytes = randomBytes(size)
    expect(await put(blobs, bytes)).toEqual({ hash: sha256(bytes), size })
    expect((await read(blobs, sha256(bytes))).equals(bytes)).toBe(true)
  })

  it('keeps the same bytes once, even when they come many times at once', async () => {
    const { store, blobs } = given()
    const bytes = randomBytes(200_000)
    await Promise.all(Array.from({ length: 8 }, () => put(blobs, bytes)))
    expect(await store.count()).toBe(1)
    expect((await read(blobs, sha256(bytes))).equals(bytes)).toBe(true)
  })

  it('takes a file of exactly the limit, and keeps nothing of one byte more', async () => {
    const { store, blobs } = given()
    await expect(
      blobs.put('org_a', Readable.from(chunks(randomBytes(100_001))), { maxBytes: 100_000 }),
    ).rejects.toEqual(new BlobTooLarge(100_000))
    expect(await store.count()).toBe(0)
    await blobs.put('org_a', Readable.from(chunks(randomBytes(100_000))), { maxBytes: 100_000 })
    expect(await store.count()).toBe(1)
  })

  it('tells which blob is coming before it is there, and keeps nothing when that cannot be written down', async () => {
    const { store, blobs } = given()
    const bytes = randomBytes(70_000)
    const hash = sha256(bytes)
    const seen: unknown[] = []
    await blobs.put('org_a', Readable.from(chunks(bytes)), {
      ...AMPLE,
      foresee: async (blob) => void seen.push(blob, await blobs.open('org_a', hash)),
    })
    expect(seen).toEqual([{ hash, size: 70_000 }, null])
    const failing = { ...AMPLE, foresee: () => Promise.reject(new Error('The row cannot be written.')) }
    await expect(blobs.put('org_b', Readable.from(chunks(bytes)), failing)).rejects.toThrow(
      'The row cannot be written.',
    )
    expect(await store.count()).toBe(1)
  })

  it('stops reading a file that is too large', async () => {
    const { blobs } = given()
    let sent = 0
    const endless = Readable.from(
      (async function* () {
        for (;;) {
          sent += 65_536
          yield randomBytes(65_536)
        }
      })(),
    )
    await expect(blobs.put('org_a', endless, { maxBytes: 1_000_000 })).rejects.toBeInstanceOf(BlobTooLarge)
    expect(sent).toBeLessThan(5_000_000)
    expect(endless.destroyed).toBe(true)
  })

  it('keeps nothing of a stream that fails or is cut, and passes its error on', async () => {
    const { store, blobs } = given()
    const failing = Readable.from(
      (async function* () {
        yield randomBytes(100_000)
        throw new Error('The sender went away.')
      })(),
    )
    await expect(blobs.put('org_a', failing, AMPLE)).rejects.toThrow('The sender went away.')
    const cut = new Readable({ read: () => undefined })
    cut.push(randomBytes(1000))
    setImmediate(() => cut.destroy())
    await expect(blobs.put('org_a', cut, AMPLE)).rejects.toThrow(/premature/i)
    expect(await store.count()).toBe(0)
  })
}

function describeRead(blobs: () => Blobs): void {
  const text = Buffer.from('Connaissement nº 42')

  it('answers a range, its end included', async () => {
    const { hash } = await put(blobs(), text)
    expect((await read(blobs(), hash, { start: 0, end: 0 })).toString()).toBe('C')
    expect((await read(blobs(), hash, { start: 3, end: 6 })).toString()).toBe('nais')
    expect((await read(blobs(), hash, { start: text.length - 2 })).toString()).toBe('42')
    expect((await read(blobs(), hash, { start: text.length - 2, end: 9999 })).toString()).toBe('42')
    const ranged = await blobs().open('org_a', hash, { start: 3, end: 6 })
    expect(ranged?.size).toBe(text.length)
    ranged?.stream.destroy()
  })

  it('refuses a range that holds no byte', async () => {
    const { hash } = await put(blobs(), text)
    for (const range of [
      { start: text.length },
      { start: -1 },
      { start: 5, end: 4 },
      { start: 0.5 },
      { start: Number.NaN },
    ]) {
      await expect(blobs().open('org_a', hash, range)).rejects.toBeInstanceOf(InvalidInput)
    }
  })

  it('lends the bytes as a local file', async () => {
    const { hash } = await put(blobs(), text)
    expect(await blobs().withFile('org_a', hash, async (path) => (await readFile(path)).toString())).toBe(
      text.toString(),
    )
    await expect(blobs().withFile('org_a', hash, () => Promise.reject(new Error('The work failed.')))).rejects.toThrow(
      'The work failed.',
    )
    expect((await read(blobs(), hash)).equals(text)).toBe(true)
  })

  it('has nothing under a hash it was never given, or that was removed', async () => {
    const { hash } = await put(blobs(), text)
    await blobs().remove('org_a', hash)
    await blobs().remove('org_a', hash)
    expect(await blobs().open('org_a', hash)).toBeNull()
    await expect(blobs().withFile('org_a', hash, async () => 'reached')).rejects.toBeInstanceOf(NotFound)
    await put(blobs(), text)
    expect((await read(blobs(), hash)).equals(text)).toBe(true)
  })
}

function describeMarks(blobs: () => Blobs): void {
  it('leaves marks that are found by the organisation alone, in order and once, and lists who has any', async () => {
    expect(await blobs().marked()).toEqual([])
    const names = Array.from({ length: 30 }, (_, n) => `${String(n).padStart(12, '0')}.A.x-y_Z`)
    for (const name of names.toReversed()) await blobs().mark('org_a', name)
    await blobs().mark('org_a', names[3] ?? '')
    await blobs().mark('org_b', 'one')
    expect(await blobs().marks('org_a')).toEqual(names)
    expect(await blobs().marks('org_c')).toEqual([])
    expect(await blobs().marked()).toEqual(['org_a', 'org_b'])
  })

  it.each(['', '..', 'a/b', '.hidden', 'x'.repeat(201), 'a b', 'é'])('refuses %j as a mark', async (name) => {
    await expect(blobs().mark('org_a', name)).rejects.toBeInstanceOf(InvalidInput)
    await expect(blobs().mark('../x', 'one')).rejects.toBeInstanceOf(InvalidInput)
    expect(await blobs().marked()).toEqual([])
  })
}

function describeWalls(given: () => { store: BlobStore; blobs: Blobs }): void {
  it('keeps organisations apart, even for the same bytes', async () => {
    const { blobs } = given()
    const { hash } = await put(blobs, Buffer.from('of a'))
    expect(await blobs.open('org_b', hash)).toBeNull()
    await expect(blobs.withFile('org_b', hash, async () => 'reached')).rejects.toBeInstanceOf(NotFound)
    await put(blobs, Buffer.from('of a'), 'org_b')
    await blobs.remove('org_b', hash)
    expect((await read(blobs, hash)).toString()).toBe('of a')
  })

  it.each(['', '.', '..', '../org_a', 'a/b', 'a\\b', 'a\0b', '.incoming', 'x'.repeat(65)])(
    'refuses %j as an organisation',
    async (organizationId) => {
      const { store, blobs } = given()
      const hash = 'a'.repeat(64)
      await expect(put(blobs, Buffer.from('x'), organizationId)).rejects.toBeInstanceOf(InvalidInput)
      await expect(blobs.open(organizationId, hash)).rejects.toBeInstanceOf(InvalidInput)
      await expect(blobs.withFile(organizationId, hash, async () => 'reached')).rejects.toBeInstanceOf(InvalidInput)
      await expect(blobs.remove(organizationId, hash)).rejects.toBeInstanceOf(InvalidInput)
      expect(await store.count()).toBe(0)
    },
  )

  it.each(['', '..', '../../../../etc/passwd', 'A'.repeat(64), `${'a'.repeat(64)}\n`, 'a'.repeat(63)])(
    'refuses %j as a hash',
    async (hash) => {
      const { blobs } = given()
      await expect(blobs.open('org_a', hash)).rejects.toBeInstanceOf(InvalidInput)
      await expect(blobs.withFile('org_a', hash, async () => 'reached')).rejects.toBeInstanceOf(InvalidInput)
      await expect(blobs.remove('org_a', hash)).rejects.toBeInstanceOf(InvalidInput)
    },
  )
}
