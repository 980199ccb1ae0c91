import { randomBytes } from 'node:crypto'
import { attachment, mail, nestedMail, png, zip } from './hostile-bytes.ts'

/** A file that nobody sends by mistake, and how it may end: READY, or a failure code. */
export interface HostileFile {
  name: string
  bytes: Uint8Array
  ends: readonly string[]
}

/** Files made to be damaged, lying, huge when unpacked or unpleasant to look at. `pdf` is a good one to begin with. */
export function makeHostileFiles(pdf: Uint8Array): HostileFile[] {
  const file = (name: string, content: Uint8Array | string, ...ends: string[]): HostileFile => ({
    name,
    bytes: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    ends,
  })
  return [
    file('random.pdf', randomBytes(100_000), 'UNREADABLE', 'UNSUPPORTED_TYPE'),
    file('random.docx', randomBytes(10_000), 'UNSUPPORTED_TYPE', 'UNREADABLE'),
    file('header-only.pdf', '%PDF-1.7\n', 'UNREADABLE'),
    file('cut.pdf', pdf.subarray(0, 1_000), 'READY', 'UNREADABLE', 'EMPTY'),
    file('a-pdf-as.txt', pdf, 'READY'),
    file('bomb.docx', docx('a'.repeat(150_000_000)), 'TOO_LARGE'),
    file('lying-bomb.docx', docx('b'.repeat(60_000_000), 1_000), 'TOO_LARGE', 'UNREADABLE'),
    file('entities.docx', zip([...parts, ['word/document.xml', billionLaughs()]]), 'UNREADABLE'),
    file(
      'outside.docx',
      zip([['../../../outside.txt', Buffer.from('outside')], ...parts, ['word/document.xml', word('glisse')]]),
      'READY',
      'UNREADABLE',
    ),
    file('deep.html', `${'<div>'.repeat(100_000)}fond${'</div>'.repeat(100_000)}`, 'READY', 'UNREADABLE', 'TIMED_OUT'),
    file(
      'scripts.html',
      '<script>alert(1)</script><img src=x onerror=alert(1)><iframe src="http://169.254.169.254/"></iframe><p>texte visible</p>',
      'READY',
    ),
    file(
      'wide.csv',
      `${Array.from({ length: 50_000 }, (_, index) => `c${index}`).join(';')}\n`,
      'READY',
      'TOO_MANY_PAGES',
    ),
    file('open-quote.csv', `"${'x;y\n'.repeat(50_000)}`, 'UNREADABLE'),
    file('nul.txt', 'avant\u0000apres '.repeat(1_000), 'READY', 'UNSUPPORTED_TYPE'),
    file('surrogates.txt', Uint8Array.of(0x61, 0xed, 0xa0, 0x80, 0x62, 0xed, 0xbf, 0xbf, 0x63), 'READY'),
    file('right-to-left.txt', 'שלום עולם \u202e txet desrever \u200f العربية '.repeat(100), 'READY'),
    file('one-line.txt', 'x'.repeat(1_000_000), 'READY'),
    file('combining.txt', `e${'\u0301'.repeat(200_000)}`, 'READY'),
    file('at-signs.txt', 'a@'.repeat(100_000), 'READY'),
    file('digits.txt', '12345678901234567890'.repeat(5_000), 'READY'),
    file('spaces.txt', ' '.repeat(1_000_000), 'EMPTY'),
    file(
      'fences.md',
      `${'#'.repeat(10_000)} titre\n${'> '.repeat(10_000)}x\n${'['.repeat(10_000)}${'`'.repeat(10_001)}`,
      'READY',
    ),
    file('nested.eml', nestedMail(60), 'READY', 'UNREADABLE', 'TOO_LARGE'),
    file(
      'fifty.eml',
      mail(Array.from({ length: 50 }, (_, index) => attachment(`p${index}.txt`, `Pièce numéro ${index}`))),
      'READY',
    ),
    file(
      'bad-names.eml',
      mail(
        ['../../../etc/cron.d/x', 'a\u0000b.txt', `${'n'.repeat(400)}.txt`, '..', ''].map((name, index) =>
          attachment(name, `Nommé ${index}`),
        ),
      ),
      'READY',
    ),
    file('enormous.png', png(20_000, 20_000), 'TOO_LARGE'),
    file('impossible.png', png(2_000_000_000, 2_000_000_000), 'UNREADABLE', 'TOO_LARGE'),
    file(
      'drawing.svg',
      '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script><image href="file:///etc/passwd"/><text>Bonjour</text></svg>',
      'READY',
      'UNSUPPORTED_TYPE',
    ),
    file('program', Buffer.concat([Buffer.from('\u007fELF'), randomBytes(1_000)]), 'UNSUPPORTED_TYPE'),
    file('../../../etc/passwd', 'Un nom qui monte.', 'READY'),
    file('a\u0000b\r\nSet-Cookie: x.txt', 'Un nom qui ment.', 'READY'),
    file('<img src=x onerror=alert(1)>.txt', 'Un nom qui agit.', 'READY'),
    file('😀'.repeat(60), 'Un nom qui sourit.', 'READY'),
  ]
}

const parts: readonly [string, Buffer][] = [
  [
    '[Content_Types].xml',
    Buffer.from(
      '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
    ),
  ],
  [
    '_rels/.rels',
    Buffer.from(
      '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
    ),
  ],
]

const namespace = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main'

function word(text: string): Buffer {
  return Buffer.from(
    `<w:document xmlns:w="${namespace}"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`,
  )
}

function docx(text: string, claimedSize?: number): Buffer {
  return zip([...parts, ['word/document.xml', word(text), claimedSize]])
}

function billionLaughs(): Buffer {
  const names = [...'abcdefghij']
  const entities = names.slice(1).map((name, index) => `<!ENTITY ${name} "${`&${names[index]};`.repeat(10)}">`)
  return Buffer.from(
    `<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">${entities.join('')}]>${word('&j;').toString()}`,
  )
}
