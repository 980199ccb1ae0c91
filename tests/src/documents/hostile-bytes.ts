import { crc32, deflateRawSync } from 'node:zlib'

type Entry = readonly [name: string, data: Buffer, claimedSize?: number | undefined]

/** A ZIP archive; an entry may claim another size than it has. */
export function zip(entries: readonly Entry[]): Buffer {
  const local: Buffer[] = []
  const central: Buffer[] = []
  let offset = 0
  for (const [name, data, claimedSize = data.length] of entries) {
    const [packed, label] = [deflateRawSync(data), Buffer.from(name)]
    const sizes = [crc32(data), packed.length, claimedSize]
    const head = fields(
      30,
      [0x04034b50, 4],
      [20, 2],
      [0, 2],
      [8, 2],
      [0, 4],
      ...sizes.map((size): Field => [size, 4]),
      [label.length, 2],
    )
    local.push(head, label, packed)
    central.push(
      fields(
        46,
        [0x02014b50, 4],
        [20, 2],
        [20, 2],
        [0, 2],
        [8, 2],
        [0, 4],
        ...sizes.map((size): Field => [size, 4]),
        [label.length, 2],
        [0, 4],
        [0, 4],
        [0, 4],
        [offset, 4],
      ),
      label,
    )
    offset += head.length + label.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = fields(
    22,
    [0x06054b50, 4],
    [0, 4],
    [entries.length, 2],
    [entries.length, 2],
    [directory.length, 4],
    [offset, 4],
  )
  return Buffer.concat([...local, directory, end])
}

type Field = [value: number, bytes: 2 | 4]

function fields(length: number, ...values: Field[]): Buffer {
  const buffer = Buffer.alloc(length)
  let at = 0
  for (const [value, bytes] of values)
    at = bytes === 2 ? buffer.writeUInt16LE(value, at) : buffer.writeUInt32LE(value, at)
  return buffer
}

/** A picture that says it is this large, and holds next to nothing. */
export function png(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type), data])
    const frame = Buffer.alloc(body.length + 8)
    frame.writeUInt32BE(data.length, 0)
    body.copy(frame, 4)
    frame.writeUInt32BE(crc32(body), body.length + 4)
    return frame
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateRawSync(Buffer.alloc(1_000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** A message with these attachments. */
export function mail(attachments: readonly string[]): string {
  return `From: a@exemple.fr\r\nTo: b@exemple.fr\r\nSubject: Pièces\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\nContent-Type: text/plain\r\n\r\nBonjour, ci-joint.\r\n${attachments.join('')}--B--\r\n`
}

/** One of a message's attachments. */
export function attachment(name: string, text: string): string {
  return `--B\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename="${name}"\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(text).toString('base64')}\r\n`
}

/** Messages inside messages. */
export function nestedMail(depth: number): string {
  let message = 'From: z@exemple.fr\r\nSubject: fond\r\n\r\nfond\r\n'
  for (let level = 0; level < depth; level++) {
    message = `From: a@exemple.fr\r\nSubject: niveau ${level}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=N${level}\r\n\r\n--N${level}\r\nContent-Type: message/rfc822\r\n\r\n${message}\r\n--N${level}--\r\n`
  }
  return message
}
