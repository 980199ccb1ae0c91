import sharp from 'sharp'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { deflateRawSync } from 'node:zlib'
import { openTestReader, type TestReader } from './testing/open-reader.ts'
import type { ReadDocument, ReadWord } from './reading.ts'

let reader: TestReader
beforeAll(async () => (reader = await openTestReader()))
afterAll(() => reader.close())

const read = (name: string): Promise<ReadDocument> => reader.readDocument(reader.sample(`formats/${name}`))
const headingsOf = ({ pages }: ReadDocument): [string, number][] =>
  pages.flatMap((page) =>
    page.headings.map(({ start, end, level }): [string, number] => [page.text.slice(start, end), level]),
  )

test('a Word document gives its letterhead, headings, paragraphs, table rows and lists', async () => {
  const document = await read('contract.docx')
  const text = document.pages[0]?.text ?? ''
  expect(text).toMatch(/^Étude Lambert – SIRET 732 829 320 00074\n\nContrat de conciergerie\n\nEntre Mme Hélène Durand/)
  expect(text).toContain('Prestation\tPrix\nMénage\t45,00 €')
  expect(text).toContain('- Remise des clés')
  expect(text).toMatch(/Conditions : www\.exemple\.fr & suite$/)
  expect(headingsOf(document)).toEqual([
    ['Contrat de conciergerie', 1],
    ['Article 1 – Objet', 2],
  ])
})

test('a Word document that would unpack to too much is refused before it is unpacked', async () => {
  const file = await reader.file('bomb.docx', makeDocx('<w:document>' + ' '.repeat(150_000_000)))
  await expect(reader.readDocument(file)).rejects.toMatchObject({ code: 'TOO_LARGE' })
})

test('a web page gives what it shows, not its scripts and styles', async () => {
  const document = await read('notice.html')
  expect(document).toMatchObject({ contentType: 'text/html', title: 'Avis de passage' })
  expect(document.pages[0]?.text).toBe(
    'Avis de passage\n\nBonjour, votre colis 6A12345678901 est arrivé.\n\nDétails\n\nArticle\tQuantité\nCarton\t2\n\n- à retirer avant le 20 janvier\n- pièce d’identité',
  )
  expect(headingsOf(document)).toEqual([
    ['Avis de passage', 1],
    ['Détails', 2],
  ])
})

test('a web page nested without end is read to a bounded depth', async () => {
  const file = await reader.file('deep.html', `<html><body><p>Début</p>${'<div>'.repeat(20_000)}fond`)
  const { pages } = await reader.readDocument(file)
  expect(pages[0]?.text).toMatch(/^Début/)
})

test('Markdown keeps its headings', async () => {
  const document = await read('procedure.md')
  expect(document.contentType).toBe('text/markdown')
  expect(headingsOf(document)).toEqual([
    ['Arrivée d’un voyageur', 1],
    ['Remise des clés', 2],
  ])
})

test('a table in Windows-1252 with semicolons gives rows that say what their cells are', async () => {
  const { contentType, pages } = await read('invoices-windows-1252.csv')
  expect(contentType).toBe('text/csv')
  expect(pages[0]?.text.split('\n')).toEqual([
    'Numéro\tClient\tTotal',
    'Numéro : FA-1 ; Client : Garage Müller ; Total : 1 234,50',
    'Numéro : FA-2 ; Client : Durand; fils ; Total : 12,00',
  ])
})

test('UTF-16 without a mark is text', async () => {
  expect((await read('without-mark-utf16.txt')).pages[0]?.text).toBe(
    'Étiquette du colis 6A12345678901\nLivré à Orléans',
  )
})

test('an e-mail gives sender, subject and text, and its attachments as files of their own, without paths', async () => {
  const { contentType, pages, title, attachments } = await read('message.eml')
  expect(contentType).toBe('message/rfc822')
  expect(title).toBe('Livraison de janvier')
  expect(pages[0]?.text).toMatch(
    /^Livraison de janvier\n\nFrom: Hélène Durand <helene@exemple\.fr>\nTo: Quai 4 <quai4@exemple\.fr>\nDate: 2025-01-14/,
  )
  expect(pages[0]?.text).toMatch(/La palette CDE-77120 est arrivée à quai\.$/)
  expect(attachments.map(({ filename, contentType: type, title: known }) => [filename, type, known])).toEqual([
    ['liste.csv', 'text/csv', undefined],
    ['Transmis.eml', 'message/rfc822', 'Transmis'],
  ])
  const [, forwarded] = attachments
  const inner = await reader.readDocument(await reader.file('inner.eml', forwarded?.bytes ?? ''))
  expect(inner.pages[0]?.text).toContain('Message transmis.')
})

test.each([
  ['without a name', '', 'RE- avarie 12-05.eml'],
  ['under a name that says nothing', '; name="ForwardedMessage.eml"', 'ForwardedMessage.eml'],
  ['whose lines end as UNIX ends them', '', 'RE- avarie 12-05.eml', '\n'],
])('a message inside another %s is known by its subject', async (_what, name, filename, end = '\r\n') => {
  const inner = ['From: a@exemple.fr', 'Subject: =?utf-8?q?RE=2F_avarie_12=2F05?=', '', 'Bonjour.'].join(end)
  const outer = [
    'From: b@exemple.fr',
    'Subject: Tr',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=B',
    '',
    '--B',
    `Content-Type: message/rfc822${name}`,
    '',
    inner,
    '--B--',
    '',
  ].join(end)
  const { attachments } = await reader.readDocument(await reader.file('outer.eml', outer))
  expect(attachments).toMatchObject([{ filename, title: 'RE/ avarie 12/05' }])
})

test('a picture of more points than can be decoded is too large, not unreadable', async () => {
  const header = await sharp({ create: { width: 9000, height: 9000, channels: 3, background: '#fff' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  await expect(reader.readDocument(await reader.file('poster.png', header))).rejects.toMatchObject({
    code: 'TOO_LARGE',
  })
})

test('a long text has pages of which every word has a box, none over another', async () => {
  const sentence = 'Le transporteur prend en charge la marchandise au lieu convenu. '
  const file = await reader.file(
    'long.txt',
    Array.from({ length: 40 }, (_, i) => `${i + 1}. ${sentence.repeat(4)}`).join('\n\n'),
  )
  const { pages } = await reader.readDocument(file)
  expect(pages.length).toBeGreaterThan(2)
  for (const { words, text } of pages) {
    expect(text.length).toBeLessThan(6000)
    expect(words.filter(({ box }) => box.x + box.width > 1 || box.y + box.height > 1)).toEqual([])
    expect(words.filter((word, index) => touches(word, words[index - 1]))).toEqual([])
  }
})

function touches({ box, line }: ReadWord, before: ReadWord | undefined): boolean {
  if (!before) return false
  return before.line === line ? box.x <= before.box.x + before.box.width : box.y < before.box.y + before.box.height
}

/** A zip with the entries that make a file a Word document, and the given main part. */
function makeDocx(main: string): Buffer {
  const entries = [
    {
      name: '[Content_Types].xml',
      data: Buffer.from(
        '<Types><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
      ),
    },
    { name: 'word/document.xml', data: Buffer.from(main) },
  ]
  let offset = 0
  const locals: Buffer[] = []
  const central = entries.map(({ name, data }) => {
    const packed = deflateRawSync(data)
    const sizes = Buffer.alloc(12)
    sizes.writeUInt32LE(packed.length, 4)
    sizes.writeUInt32LE(data.length, 8)
    const common = Buffer.concat([
      Buffer.from('140000000800000000000000'.slice(0, 20), 'hex'),
      sizes,
      Buffer.from([name.length, 0, 0, 0]),
    ])
    const local = Buffer.concat([Buffer.from('504b0304', 'hex'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    offset += local.length
    locals.push(local)
    return Buffer.concat([Buffer.from('504b01021400', 'hex'), common, tail, Buffer.from(name)])
  })
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
