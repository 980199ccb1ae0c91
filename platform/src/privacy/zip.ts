import { pipeline, Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { crc32, createDeflateRaw, deflateRawSync } from 'node:zlib'
import type { ExportedFile } from './privacy.ts'
import { toDirectoryLine, toEnd, toHead, toTail, type ZipEntry } from './zip-records.ts'

/** What is packed at once, in a millisecond or two. */
const small = 64 * 1024
/** The packer's own measure. */
const smallestChunk = 64
/** Of what is handed on of the directory at once. */
const linesAtOnce = 1_000

/**
 * A ZIP archive (UTF-8 names; ZIP64 where there are more than 65,534 files or more than 4 GB) of the files, one after the other: it is written while they come and
 * while it is read. What is kept of a file that has been written is its line of the directory, some hundred bytes; it is packed off the main thread. A file that
 * fails, and an archive that is not read to its end, ends the files.
 */
export async function* zip(files: AsyncIterable<ExportedFile>, now: Date): AsyncGenerator<Buffer> {
  const lines: Buffer[] = []
  let [offset, directory] = [0, 0]
  for await (const { path, content } of files) {
    const entry: ZipEntry = { name: Buffer.from(toName(path)), crc: 0, packed: 0, size: 0, offset, at: now }
    const head = toHead(entry)
    yield head
    for await (const part of pack(content, entry)) {
      entry.packed += part.length
      yield part
    }
    const tail = toTail(entry)
    yield tail
    offset += head.length + entry.packed + tail.length
    const line = toDirectoryLine(entry)
    lines.push(line)
    directory += line.length
  }
  for (let at = 0; at < lines.length; at += linesAtOnce) yield Buffer.concat(lines.slice(at, at + linesAtOnce))
  yield toEnd({ count: lines.length, size: directory, offset })
}

/**
 * The bytes as they are stored; what they were before is counted and summed on the way. Small ones are packed as they are: a packer of their own for each of
 * many thousands would cost far more than the bytes.
 */
async function* pack(content: ExportedFile['content'], entry: ZipEntry): AsyncGenerator<Buffer> {
  const parts = measured(content, entry)
  try {
    const begun: Uint8Array[] = []
    for (let next = await parts.next(); !next.done; next = await parts.next()) {
      begun.push(next.value)
      if (entry.size > small) break
    }
    if (entry.size <= small) {
      yield deflateRawSync(Buffer.concat(begun), { chunkSize: smallestChunk + entry.size })
      // What packed it is freed once others have had their turn.
      return await setImmediate()
    }
    // A failure of either ends both, and is thrown where the packed bytes are read.
    yield* pipeline(Readable.from(follow(begun, parts), { objectMode: false }), createDeflateRaw(), () => {})
  } finally {
    if (content instanceof Readable) content.destroy()
  }
}

async function* follow(begun: Uint8Array[], rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* begun.splice(0)
  yield* rest
}

async function* measured(content: ExportedFile['content'], entry: ZipEntry): AsyncGenerator<Uint8Array> {
  for await (const part of typeof content === 'string' || Buffer.isBuffer(content) ? [Buffer.from(content)] : content) {
    entry.crc = crc32(part, entry.crc)
    entry.size += part.length
    yield part
  }
}

/** Where it is unpacked it stays in the folder that it is unpacked to, whatever a file was called. */
function toName(path: string): string {
  const parts = path.replaceAll('\\', '_').split('/')
  return parts.map((part) => (/^\.{0,2}$/.test(part) ? '_' : toShort(part))).join('/')
}

/** Bytes of a name that every file system takes: most have 255, and a program that cannot write one file gives the rest up. */
const longestName = 200

/** The name, or as much of its beginning as there is room for beside its ending. */
function toShort(name: string): string {
  if (Buffer.byteLength(name) <= longestName) return name
  const ending = /\.\w{1,10}$/.exec(name)?.[0] ?? ''
  let room = longestName - ending.length
  let kept = ''
  for (const sign of name) {
    room -= Buffer.byteLength(sign)
    if (room < 0) break
    kept += sign
  }
  return kept + ending
}
