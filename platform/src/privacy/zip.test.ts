import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import yauzl from 'yauzl'
import type { ExportedFile } from './privacy.ts'
import { toDirectoryLine, toEnd, toTail } from './zip-records.ts'
import { zip } from './zip.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'passerelle-zip-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function write(name: string, files: AsyncIterable<ExportedFile>): Promise<string> {
  const path = join(folder, name)
  await pipeline(Readable.from(zip(files, new Date('2026-11-20T10:00:00Z'))), createWriteStream(path))
  return path
}

/** Every name with the digest of its bytes, as a program reads them that did not write them. */
async function unpack(path: string): Promise<Map<string, { size: number; digest: string }>> {
  const found = new Map<string, { size: number; digest: string }>()
  const archive = await yauzl.openPromise(path)
  for await (const entry of archive.eachEntry()) {
    const hash = createHash('sha256')
    let [size, sum] = [0, 0]
    for await (const part of await archive.openReadStreamPromise(entry)) {
      hash.update(part)
      size += part.length
      sum = crc32(part, sum)
    }
    expect([entry.fileName, entry.uncompressedSize, entry.crc32]).toEqual([entry.fileName, size, sum])
    found.set(entry.fileName, { size, digest: hash.digest('hex') })
  }
  return found
}

const digestOf = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

test('an archive is unpacked to the names and bytes that went in', async () => {
  const noise = randomBytes(300_000)
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: 'client/été.json', content: '{"name":"Zoé"}' }
    yield { path: 'files/empty.txt', content: '' }
    yield { path: 'files/buffer.bin', content: noise }
    yield { path: 'files/small.txt', content: Readable.from([Buffer.from('one, '), Buffer.from('two')]) }
    yield { path: 'files/large.bin', content: Readable.from([noise, Buffer.alloc(100_000, 7), Buffer.from('end')]) }
  }
  const found = await unpack(await write('names.zip', files()))
  expect([...found].map(([name, { digest }]) => [name, digest])).toEqual([
    ['client/été.json', digestOf('{"name":"Zoé"}')],
    ['files/empty.txt', digestOf('')],
    ['files/buffer.bin', digestOf(noise)],
    ['files/small.txt', digestOf('one, two')],
    ['files/large.bin', digestOf(Buffer.concat([noise, Buffer.alloc(100_000, 7), Buffer.from('end')]))],
  ])
})

test('a file stays in the folder that it is unpacked to, whatever it was called', async () => {
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: 'files/doc_1/..', content: 'a' }
    yield { path: '/etc/../..\\passwd', content: 'b' }
  }
  const found = await unpack(await write('walls.zip', files()))
  expect([...found.keys()]).toEqual(['files/doc_1/_', '_/etc/_/.._passwd'])
})

test('a long name is cut to what file systems take, between two signs, and keeps its ending', async () => {
  const longest = 'a'.repeat(196)
  async function* files(): AsyncGenerator<ExportedFile> {
    yield { path: `files/1/${'é'.repeat(196)}.pdf`, content: 'a' }
    yield { path: `files/2/${'🚚'.repeat(100)}`, content: 'b' }
    yield { path: `files/3/${longest}.pdf`, content: 'c' }
    yield { path: `${'x'.repeat(300)}/${'.y'.repeat(150)}`, content: 'd' }
  }
  const found = await unpack(await write('long.zip', files()))
  expect([...found.keys()]).toEqual([
    `files/1/${'é'.repeat(98)}.pdf`,
    `files/2/${'🚚'.repeat(50)}`,
    `files/3/${longest}.pdf`,
    `${'x'.repeat(200)}/${'.y'.repeat(99)}.y`,
  ])
})

test('seventy thousand files are all in the archive', async () => {
  async function* files(): AsyncGenerator<ExportedFile> {
    for (let number = 0; number < 70_000; number++) yield { path: `files/${number}.txt`, content: `number ${number}` }
  }
  const path = await write('many.zip', files())
  const archive = await yauzl.openPromise(path)
  const names = new Set<string>()
  for await (const { fileName } of archive.eachEntry()) names.add(fileName)
  expect([names.size, names.has('files/0.txt'), names.has('files/69999.txt')]).toEqual([70_000, true, true])
}, 120_000)

/** In a process of its own: what other tests hold is not counted. Answers by how many bytes it grew. */
const measure = `
import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { zip } from ${JSON.stringify(new URL('zip.ts', import.meta.url).href)}
const megabyte = 2 ** 20
function* parts() {
  for (let number = 0; number < 300; number++) {
    const part = Buffer.alloc(megabyte, 'a page of a document and what was read from it\\n')
    part.writeUInt32LE(number)
    yield part
  }
}
async function* files() {
  yield { path: 'large.bin', content: Readable.from(parts()) }
}
const before = process.memoryUsage().rss
let most = before
async function* watched(bytes) {
  for await (const part of bytes) {
    most = Math.max(most, process.memoryUsage().rss)
    yield part
  }
}
await pipeline(watched(zip(files(), new Date())), createWriteStream(process.argv[1]))
console.log(most - before)
`

test('a file of 300 MB goes through in a part of the memory that it has bytes', async () => {
  const path = join(folder, 'large.zip')
  const grown = await new Promise<number>((resolve, reject) => {
    execFile(process.execPath, ['--input-type=module', '-e', measure, path], (error, output) =>
      error ? reject(error) : resolve(Number(output)),
    )
  })
  expect(grown).toBeLessThan(200 * 2 ** 20)
  expect((await unpack(path)).get('large.bin')?.size).toBe(300 * 2 ** 20)
}, 120_000)

test('a file that fails fails the archive, and one that nobody reads on ends its files', async () => {
  let ended = 0
  async function* files(last: Readable): AsyncGenerator<ExportedFile> {
    try {
      yield { path: 'files/1.txt', content: 'one' }
      yield { path: 'files/2.bin', content: last }
    } finally {
      ended++
    }
  }
  const failing = Readable.from(
    (function* () {
      yield randomBytes(500_000)
      throw new Error('The file ends here.')
    })(),
  )
  await expect(write('failing.zip', files(failing))).rejects.toThrow('The file ends here.')
  const endless = Readable.from(
    (function* () {
      for (;;) yield randomBytes(100_000)
    })(),
  )
  let read = 0
  for await (const part of zip(files(endless), new Date())) if ((read += part.length) > 1_000_000) break
  expect([ended, failing.destroyed, endless.destroyed]).toEqual([2, true, true])
})

test('what is larger than 32 bits can say stands in 64, in front of what reads it', () => {
  const large = 5 * 2 ** 30
  const entry = { name: Buffer.from('a'), crc: 1, packed: large, size: large + 1, offset: large + 2, at: new Date() }
  const line = toDirectoryLine(entry)
  expect([20, 24, 42].map((at) => line.readUInt32LE(at))).toEqual([0xffff_ffff, 0xffff_ffff, 0xffff_ffff])
  const extra = line.subarray(47)
  expect([extra.readUInt16LE(0), extra.readUInt16LE(2), line.readUInt16LE(30)]).toEqual([1, 24, 28])
  expect([4, 12, 20].map((at) => Number(extra.readBigUInt64LE(at)))).toEqual([large + 1, large, large + 2])
  expect(Number(toTail(entry).readBigUInt64LE(16))).toBe(large + 1)
  const end = toEnd({ count: 3, size: 50, offset: large })
  expect([end.readUInt32LE(0), Number(end.readBigUInt64LE(48)), Number(end.readBigUInt64LE(64))]).toEqual([
    0x06064b50,
    large,
    large + 50,
  ])
})
