import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeAac, makeFlac, makeMp3, makeMp4, makeOpus, makeWav, makeWebm } from './testing/make-audio.ts'
import { openTestReader, type TestReader } from './testing/open-reader.ts'

let reader: TestReader
beforeAll(async () => (reader = await openTestReader()))
afterAll(() => reader.close())

test.each([
  ['MP3', makeMp3(), 'audio/mpeg', 1045],
  ['WAV', makeWav(), 'audio/wav', 1000],
  ['Opus in Ogg', makeOpus(), 'audio/ogg', 3000],
  ['FLAC', makeFlac(), 'audio/flac', 2000],
  ['M4A', makeMp4(), 'audio/mp4', 4000],
  ['MP4 that holds sound alone', makeMp4({ brand: 'isom' }), 'audio/mp4', 4000],
  ['AAC', makeAac(), 'audio/aac', 882],
  ['WebM that holds sound alone', makeWebm(), 'audio/webm', 5000],
])(
  '%s is a recording by its content, whatever it is called, and knows its length',
  async (_what, bytes, type, length) => {
    const { contentType, durationMs, pageCount } = await reader.extractPages(await reader.file('facture.pdf', bytes))
    expect([contentType, durationMs, pageCount]).toEqual([type, length, 0])
  },
)

test.each([
  ['moving pictures in MP4', makeMp4({ brand: 'isom', pictures: true }), 'UNSUPPORTED_TYPE'],
  ['moving pictures in WebM', makeWebm({ pictures: true }), 'UNSUPPORTED_TYPE'],
  ['a WAV that is cut in its head', makeWav().subarray(0, 30), 'UNREADABLE'],
  ['an Ogg that is cut in its head', makeOpus().subarray(0, 40), 'UNREADABLE'],
  ['an MP4 that is cut in its head', makeMp4().subarray(0, 60), 'UNREADABLE'],
  ['a FLAC that is cut in its head', makeFlac().subarray(0, 20), 'UNREADABLE'],
])('%s is no recording', async (_what, bytes, code) => {
  await expect(reader.extractPages(await reader.file('son.mp3', bytes))).rejects.toMatchObject({ code })
})

test('sizes that lie do not stall the reading', async () => {
  const [wav, mp4, webm] = [makeWav(), makeMp4(), makeWebm()]
  wav.writeUInt32LE(0xffffffff, 4)
  wav.writeUInt32LE(0xffffffff, 40)
  mp4.writeUInt32BE(0xffffffff, 24)
  webm.fill(0xff, 40, 60)
  for (const [name, bytes] of Object.entries({ wav, mp4, webm })) {
    const read = reader.extractPages(await reader.file(`faux.${name}`, bytes)).then(
      ({ contentType }) => contentType,
      ({ code }: { code: string }) => code,
    )
    expect(await read).toMatch(/^audio\/|^UNREADABLE$|^UNSUPPORTED_TYPE$/)
  }
})
