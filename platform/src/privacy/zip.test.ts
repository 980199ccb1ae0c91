import { crc32, inflateRawSync } from 'node:zlib'
import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import type { ExportedFile } from './privacy.ts'
import { zip } from './zip.ts'

async function* files(): AsyncGenerator<ExportedFile> {
  yield { path: 'client/été.json', content: '{"name":"Zoé"}' }
  yield { path: 'files/empty.txt', content: '' }
  yield { path: 'files/large.bin', content: Readable.from([Buffer.alloc(300_000, 7), Buffer.from('end')]) }
}

/** Reads an archive from its end, as programs do that did not write it. */
function unpack(archive: Buffer): Map<string, Buffer> {
  const end = archive.length - 22
  expect(archive.readUInt32LE(end)).toBe(0x06054b50)
  const found = new Map<string, Buffer>()
  let at = archive.readUInt32LE(end + 16)
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    expect(archive.readUInt32LE(at)).toBe(0x02014b50)
    const [packed, size] = [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)]
    const [name, extra, offset] = [
      archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30),
      archive.readUInt32LE(at + 42),
    ]
    const path = archive.subarray(at + 46, at + 46 + name).toString('utf8')
    const start = offset + 30 + archive.readUInt16LE(offset + 26) + archive.readUInt16LE(offset + 28)
    const bytes = inflateRawSync(archive.subarray(start, start + packed))
    expect([path, bytes.length, crc32(bytes)]).toEqual([path, size, archive.readUInt32LE(at + 16)])
    found.set(path, bytes)
    at += 46 + name + extra
  }
  return found
}

test('an archive is unpacked to the names and bytes that went in', async () => {
  const parts: Buffer[] = []
  for await (const part of zip(files(), new Date('2026-11-20T10:00:00Z'))) parts.push(part)
  const found = unpack(Buffer.concat(parts))
  expect(found.get('client/été.json')?.toString('utf8')).toBe('{"name":"Zoé"}')
  expect(found.get('files/empty.txt')?.length).toBe(0)
  expect(found.get('files/large.bin')?.subarray(-4).toString('latin1')).toBe('\u0007end')
})
