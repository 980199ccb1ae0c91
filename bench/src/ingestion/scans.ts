/** A PDF whose pages are these JPEG pictures, A4 each; `mark` makes the bytes of two with the same pictures differ. */
export function makeScans(pictures: readonly Buffer[], mark: string): Buffer {
  const kids = pictures.map((_, index) => `${3 + 3 * index} 0 R`).join(' ')
  const objects: Buffer[] = [
    Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'),
    Buffer.from(`<< /Type /Pages /Count ${pictures.length} /Kids [${kids}] >>`),
    ...pictures.flatMap((picture, index) => {
      const [content, image] = [4 + 3 * index, 5 + 3 * index]
      const { width, height, channels } = sizeOf(picture)
      const space = channels === 1 ? '/DeviceGray' : '/DeviceRGB'
      const dictionary = `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace ${space} /BitsPerComponent 8`
      return [
        Buffer.from(
          `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I ${image} 0 R >> >> /Contents ${content} 0 R >>`,
        ),
        toStream('<<', Buffer.from('q 595 0 0 842 0 0 cm /I Do Q')),
        toStream(`${dictionary} /Filter /DCTDecode`, picture),
      ]
    }),
  ]
  const parts: Buffer[] = [Buffer.from(`%PDF-1.7\n%${mark}\n`)]
  const offsets = objects.map((object, index) => {
    const offset = parts.reduce((sum, part) => sum + part.length, 0)
    parts.push(Buffer.from(`${index + 1} 0 obj\n`), object, Buffer.from('\nendobj\n'))
    return `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  const start = parts.reduce((sum, part) => sum + part.length, 0)
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${offsets.join('')}`
  parts.push(Buffer.from(`${table}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`))
  return Buffer.concat(parts)
}

function toStream(dictionary: string, bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(`${dictionary} /Length ${bytes.length} >>\nstream\n`),
    bytes,
    Buffer.from('\nendstream'),
  ])
}

/** The size in the frame header of a JPEG. */
function sizeOf(picture: Buffer): { width: number; height: number; channels: number } {
  for (let at = 2; at < picture.length; at += 2 + picture.readUInt16BE(at + 2)) {
    const marker = picture[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame)
      return {
        height: picture.readUInt16BE(at + 5),
        width: picture.readUInt16BE(at + 7),
        channels: picture[at + 9] ?? 3,
      }
  }
  throw new Error('This is no JPEG.')
}
