import { crc32, deflateRawSync } from 'node:zlib'
import type { ExportedFile } from './privacy.ts'

/** Of one file in the archive, and of all of them: what one person, or one organisation, takes along at once. */
const mostBytes = 4 * 1024 ** 3 - 1

interface Entry {
  name: Buffer
  crc: number
  packed: number
  size: number
  offset: number
}

/** A ZIP archive (PKWARE 2.0, UTF-8 names) of the files, one after the other: it is written while they come. */
export async function* zip(files: AsyncIterable<ExportedFile>, now: Date): AsyncGenerator<Buffer> {
  const entries: Entry[] = []
  const stamp = dosTime(now)
  let offset = 0
  for await (const { path, content } of files) {
    const bytes = await readAll(content)
    const packed = deflateRawSync(bytes)
    const entry = { name: Buffer.from(path), crc: crc32(bytes), packed: packed.length, size: bytes.length, offset }
    const head = Buffer.concat([header(0x04034b50, [20, 0x0800, 8]), fields(entry, stamp), entry.name])
    yield head
    yield packed
    entries.push(entry)
    offset += head.length + packed.length
    if (offset > mostBytes) throw new Error('The archive is larger than 4 GB.')
  }
  const directory = Buffer.concat(entries.map((entry) => toDirectory(entry, stamp)))
  yield directory
  yield toEnd(entries.length, { size: directory.length, offset })
}

async function readAll(content: ExportedFile['content']): Promise<Buffer> {
  if (typeof content === 'string') return Buffer.from(content)
  if (Buffer.isBuffer(content)) return content
  const parts: Buffer[] = []
  for await (const part of content) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

function header(signature: number, words: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 + 2 * words.length)
  bytes.writeUInt32LE(signature)
  for (const [index, word] of words.entries()) bytes.writeUInt16LE(word, 4 + 2 * index)
  return bytes
}

/** What the head of a file and its line in the directory have in common: time, checksum, sizes, length of the name. */
function fields({ name, crc, packed, size }: Entry, { time, date }: { time: number; date: number }): Buffer {
  const bytes = Buffer.alloc(20)
  bytes.writeUInt16LE(time, 0)
  bytes.writeUInt16LE(date, 2)
  bytes.writeUInt32LE(crc, 4)
  bytes.writeUInt32LE(packed, 8)
  bytes.writeUInt32LE(size, 12)
  bytes.writeUInt16LE(name.length, 16)
  return bytes
}

function toDirectory(entry: Entry, stamp: { time: number; date: number }): Buffer {
  const rest = Buffer.alloc(14)
  rest.writeUInt32LE(entry.offset, 10)
  return Buffer.concat([header(0x02014b50, [20, 20, 0x0800, 8]), fields(entry, stamp), rest, entry.name])
}

function toEnd(count: number, { size, offset }: { size: number; offset: number }): Buffer {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50)
  end.writeUInt16LE(count, 8)
  end.writeUInt16LE(count, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return end
}

function dosTime(at: Date): { time: number; date: number } {
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  }
}
