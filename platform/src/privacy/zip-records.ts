/** A file of an archive, as its records tell of it. */
export interface ZipEntry {
  name: Buffer
  crc: number
  /** Bytes as they are stored, and as they were. */
  packed: number
  size: number
  /** Where its head is. */
  offset: number
  at: Date
}

/** What 32 bits, or 16, cannot hold stands beside them in 64: then they are full. */
const full32 = 0xffff_ffff
const full16 = 0xffff

/** UTF-8 names, and sizes that follow the bytes: nobody knows them before. */
const flags = 0x0808
const deflated = 8
const plain = 20
const zip64 = 45

/** What stands before a file's bytes. */
export function toHead({ name, at }: ZipEntry): Buffer {
  const { time, date } = dosTime(at)
  const fixed = record([4, 0x04034b50], [2, plain], [2, flags], [2, deflated], [2, time], [2, date])
  return Buffer.concat([fixed, record([4, 0], [4, 0], [4, 0], [2, name.length], [2, 0]), name])
}

/** What stands behind them. */
export function toTail({ crc, packed, size }: ZipEntry): Buffer {
  const width = packed >= full32 || size >= full32 ? 8 : 4
  return record([4, 0x08074b50], [4, crc], [width, packed], [width, size])
}

/** Its line of the directory. */
export function toDirectoryLine({ name, crc, packed, size, offset, at }: ZipEntry): Buffer {
  const { time, date } = dosTime(at)
  const large = [size, packed, offset].filter((value) => value >= full32)
  const extra =
    large.length === 0 ? [] : [record([2, 1], [2, 8 * large.length]), ...large.map((one) => record([8, one]))]
  const version = large.length === 0 ? plain : zip64
  const beside = extra.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([
    record([4, 0x02014b50], [2, version], [2, version], [2, flags], [2, deflated], [2, time], [2, date]),
    record([4, crc], [4, Math.min(packed, full32)], [4, Math.min(size, full32)], [2, name.length], [2, beside]),
    record([2, 0], [2, 0], [2, 0], [4, 0], [4, Math.min(offset, full32)]),
    name,
    ...extra,
  ])
}

/** The end of the archive: how many files, and how large the directory is and where it begins. */
export function toEnd({ count, size, offset }: { count: number; size: number; offset: number }): Buffer {
  const [least, bytes, start] = [Math.min(count, full16), Math.min(size, full32), Math.min(offset, full32)]
  const end = record([4, 0x06054b50], [2, 0], [2, 0], [2, least], [2, least], [4, bytes], [4, start], [2, 0])
  if (least < full16 && bytes < full32 && start < full32) return end
  return Buffer.concat([
    record([4, 0x06064b50], [8, 44], [2, zip64], [2, zip64], [4, 0], [4, 0]),
    record([8, count], [8, count], [8, size], [8, offset]),
    record([4, 0x07064b50], [4, 0], [8, offset + size], [4, 1]),
    end,
  ])
}

/** Numbers one after the other, the least byte first; each with how many bytes it takes. */
function record(...fields: readonly [2 | 4 | 8, number][]): Buffer {
  const bytes = Buffer.alloc(fields.reduce((sum, [width]) => sum + width, 0))
  let at = 0
  for (const [width, value] of fields) {
    if (width === 8) bytes.writeBigUInt64LE(BigInt(value), at)
    else bytes.writeUIntLE(value, at, width)
    at += width
  }
  return bytes
}

function dosTime(at: Date): { time: number; date: number } {
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  }
}
