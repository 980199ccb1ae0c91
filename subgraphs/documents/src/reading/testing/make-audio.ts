/** One second of a tone as WAV: 16 bit, one channel. */
export function makeWav({ seconds = 1, rate = 8000, pitch = 440 } = {}): Buffer {
  const count = Math.round(seconds * rate)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0, 'latin1')
  head.writeUInt32LE(36 + count * 2, 4)
  head.write('WAVEfmt ', 8, 'latin1')
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36, 'latin1')
  head.writeUInt32LE(count * 2, 40)
  const tone = Buffer.alloc(count * 2)
  for (let index = 0; index < count; index++)
    tone.writeInt16LE(Math.round(8000 * Math.sin((2 * Math.PI * pitch * index) / rate)), index * 2)
  return Buffer.concat([head, tone])
}

/** Frames of MPEG 1 layer 3 (128 kbit/s, 44.1 kHz) without a sound in them. */
export function makeMp3(frames = 40): Buffer {
  const frame = Buffer.alloc(417)
  frame.writeUInt32BE(0xfffb90c4, 0)
  return Buffer.concat(Array.from({ length: frames }, () => frame))
}

/** Frames of AAC in ADTS (44.1 kHz, one channel). */
export function makeAac(frames = 40): Buffer {
  const frame = Buffer.alloc(64)
  Buffer.from([0xff, 0xf1, 0x50, 0x40, frame.length >> 3, ((frame.length & 7) << 5) | 0x1f, 0xfc]).copy(frame)
  return Buffer.concat(Array.from({ length: frames }, () => frame))
}

/** A FLAC file of two seconds that ends behind its head. */
export function makeFlac(): Buffer {
  const info = Buffer.alloc(34)
  info.writeUInt16BE(4096, 0)
  info.writeUInt16BE(4096, 2)
  const [rate, channels, bits, samples] = [44_100n, 1n, 16n, 88_200n]
  info.writeBigUInt64BE((rate << 44n) | ((channels - 1n) << 41n) | ((bits - 1n) << 36n) | samples, 10)
  return Buffer.concat([Buffer.from('fLaC', 'latin1'), Buffer.from([0x80, 0, 0, 34]), info, Buffer.alloc(2000, 0x55)])
}

/** Opus in Ogg: its two heads and a last page that says where it ends. */
export function makeOpus({ seconds = 3 } = {}): Buffer {
  const head = Buffer.alloc(19)
  head.write('OpusHead', 0, 'latin1')
  head[8] = 1
  head[9] = 1
  head.writeUInt32LE(48_000, 12)
  const tags = Buffer.concat([
    Buffer.from('OpusTags', 'latin1'),
    Buffer.from([4, 0, 0, 0]),
    Buffer.from('test'),
    Buffer.alloc(4),
  ])
  return Buffer.concat([
    oggPage(head, { flags: 2, number: 0, position: 0n }),
    oggPage(tags, { flags: 0, number: 1, position: 0n }),
    oggPage(Buffer.alloc(60, 1), { flags: 4, number: 2, position: BigInt(seconds) * 48_000n }),
  ])
}

function oggPage(content: Buffer, page: { flags: number; number: number; position: bigint }): Buffer {
  const head = Buffer.alloc(28)
  head.write('OggS', 0, 'latin1')
  head[5] = page.flags
  head.writeBigInt64LE(page.position, 6)
  head.writeUInt32LE(7, 14)
  head.writeUInt32LE(page.number, 18)
  head[26] = 1
  head[27] = content.length
  const whole = Buffer.concat([head, content])
  whole.writeUInt32LE(oggChecksum(whole), 22)
  return whole
}

function oggChecksum(bytes: Buffer): number {
  let sum = 0
  for (const byte of bytes) {
    sum ^= byte << 24
    for (let bit = 0; bit < 8; bit++) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1
  }
  return sum >>> 0
}

/** MP4 with one track: of sound, or of pictures; `brand` is what it calls itself. */
export function makeMp4({ brand = 'M4A ', pictures = false, seconds = 4 } = {}): Buffer {
  const handler = pictures ? 'vide' : 'soun'
  const clock = Buffer.alloc(20)
  clock.writeUInt32BE(1000, 12)
  clock.writeUInt32BE(seconds * 1000, 16)
  const movieHead = box('mvhd', Buffer.concat([clock, Buffer.alloc(80)]))
  const mediaHead = box('mdhd', Buffer.concat([clock, Buffer.alloc(4)]))
  const handlerBox = box('hdlr', Buffer.concat([Buffer.alloc(8), Buffer.from(handler, 'latin1'), Buffer.alloc(13)]))
  const entry = box(pictures ? 'avc1' : 'mp4a', soundEntry())
  const list = box('stsd', Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 0, 1]), entry]))
  const media = box('mdia', Buffer.concat([mediaHead, handlerBox, box('minf', box('stbl', list))]))
  const track = box('trak', Buffer.concat([box('tkhd', Buffer.alloc(84)), media]))
  const kind = box('ftyp', Buffer.from(`${brand}\0\0\0\0${brand}isom`, 'latin1'))
  return Buffer.concat([kind, box('moov', Buffer.concat([movieHead, track])), box('mdat', Buffer.alloc(64))])
}

function soundEntry(): Buffer {
  const entry = Buffer.alloc(28)
  entry.writeUInt16BE(1, 6)
  entry.writeUInt16BE(1, 16)
  entry.writeUInt16BE(16, 18)
  entry.writeUInt16BE(44_100, 24)
  return entry
}

function box(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(8 + content.length, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, content])
}

/** WebM with one track: of sound (Opus), or of pictures (VP8). */
export function makeWebm({ pictures = false } = {}): Buffer {
  const codec = pictures ? 'V_VP8' : 'A_OPUS'
  const track = [element(0xd7, [1]), element(0x73c5, [1]), element(0x83, [pictures ? 1 : 2]), element(0x86, codec)]
  const length = Buffer.alloc(8)
  length.writeDoubleBE(5000)
  const info = element(0x1549a966, Buffer.concat([element(0x2ad7b1, [0x0f, 0x42, 0x40]), element(0x4489, length)]))
  const tracks = element(0x1654ae6b, element(0xae, Buffer.concat(track)))
  return Buffer.concat([
    element(0x1a45dfa3, Buffer.concat([element(0x4286, [1]), element(0x4282, 'webm')])),
    element(0x18538067, Buffer.concat([info, tracks])),
  ])
}

function element(id: number, content: Buffer | number[] | string): Buffer {
  const body = typeof content === 'string' ? Buffer.from(content, 'latin1') : Buffer.from(content)
  const hex = id.toString(16)
  const size = Buffer.alloc(4)
  size.writeUInt32BE(0x10000000 | body.length)
  return Buffer.concat([Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex'), size, body])
}
