import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openModels } from '@passerelle/platform/models/router'
import { openSpeechServer, type SpeechServer } from '@passerelle/platform/models/testing'
import type { Viewer } from '@passerelle/platform/schema'
import { createTestViewer } from '@passerelle/platform/subgraph/testing'
import { openTestDocuments, type Step, type TestDocuments } from '../documents.testing.ts'
import { makeMp4, makeOpus, makeWav } from '../reading/testing/make-audio.ts'
import { askForTranscripts } from './catch-up-speech.ts'

let town: TestDocuments
let server: SpeechServer
const said = [
  [0, 3.5, ' Bonjour, ici Paul Martin de la société Transports Durand SARL.'],
  [3.5, 8, ' Le colis 6A12345678901 est arrivé cassé à Nantes.'],
  [12, 15.5, ' La palette de remplacement part demain matin.'],
] as const

beforeAll(async () => {
  server = await openSpeechServer()
  town = await openTestDocuments(async ({ coordination, log }) => ({
    models: await openModels({
      coordination,
      speech: { url: server.url },
      capacityMiB: 12_000,
      onCall: () => {},
      log,
      checkEveryMs: 50,
    }),
  }))
  tell()
})

afterEach(() => tell())

afterAll(async () => {
  await town.platform.models.close()
  await town.close()
  await server.close()
})

function tell(segments: readonly (readonly [number, number, string])[] = said): void {
  server.faults = []
  server.transcript = {
    language: 'french',
    duration: 16,
    text: segments.map(([, , text]) => text).join(''),
    segments: segments.map(([start, end, text]) => ({ start, end, text })),
  }
}

const hears = async () => (await town.platform.models.capabilities('org_any')).speech !== null

async function setServer(there: boolean): Promise<void> {
  const port = Number(new URL(server.url).port)
  if (there) server = await openSpeechServer({ port })
  else await server.close()
  tell()
  await expect.poll(hears, { timeout: 40_000 }).toBe(there)
}

async function lastStep(viewer: Viewer, filename: string, bytes: Buffer): Promise<{ id: string; end?: Step }> {
  const { id } = await town.upload(viewer, filename, bytes)
  const end = (await town.steps(viewer, id)).at(-1)
  return { id, ...(end && { end }) }
}

test('what is said in a recording is written down with its times, and is found like any text', async () => {
  const viewer = createTestViewer()
  const { id } = await town.upload(viewer, 'message vocal.bin', makeWav({ seconds: 16 }))
  const steps = await town.steps(viewer, id)
  expect(steps.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['EXTRACTING', 'RECOGNIZING', 'CHUNKING']))
  expect(steps.at(-1)).toMatchObject({ stage: 'READY', error: null })
  const { document } = await town.client.data<{ document: object }>(
    viewer,
    `query ($id: ID!) { document(id: $id) { contentType durationMs pageCount language
       page(number: 1) { text startMs endMs segments { startMs endMs speaker text words { text } } }
       chunks { nodes { startMs endMs } } } }`,
    { id },
  )
  expect(document).toMatchObject({
    contentType: 'audio/wav',
    durationMs: 16_000,
    pageCount: 1,
    language: 'fr',
    page: {
      startMs: 0,
      endMs: 15_500,
      segments: [
        { startMs: 0, endMs: 3_500, speaker: null },
        { startMs: 3_500, endMs: 8_000 },
        { startMs: 12_000, endMs: 15_500, text: 'La palette de remplacement part demain matin.' },
      ],
    },
    chunks: { nodes: [{ startMs: 0, endMs: 15_500 }] },
  })
  const { search } = await town.client.data<{ search: { nodes: object[] } }>(
    viewer,
    `{ search(query: "palette de remplacement") { nodes { startMs chunk { document { id } } } } }`,
  )
  expect(search.nodes).toEqual([{ startMs: 12_000, chunk: { document: { id } } }])
  expect(server.requests.at(-1)?.file).toMatchObject({ fileName: 'message vocal.bin', mimeType: 'audio/wav' })
})

test('a recording waits as FAILED while nobody hears it, keeps its file, and is read by itself when a server comes', async () => {
  const viewer = createTestViewer()
  const bytes = makeOpus()
  await setServer(false)
  const { id, end } = await lastStep(viewer, 'dictée.ogg', bytes)
  expect(end).toMatchObject({ stage: 'FAILED', error: { code: 'SPEECH_UNAVAILABLE' } })
  const { document } = await town.client.data<{ document: object }>(
    viewer,
    `query ($id: ID!) { document(id: $id) { contentType durationMs fileUrl status { error { message } } } }`,
    { id },
  )
  expect(document).toEqual({
    contentType: 'audio/ogg',
    durationMs: 3_000,
    fileUrl: expect.stringContaining('/files/') as string,
    status: { error: { message: expect.stringContaining('SPEECH_URL') as string } },
  })
  const soon = new Date(Date.now() + 120_000)
  await askForTranscripts(town.platform, soon)
  expect((await town.statusOf(viewer, id)).stage).toBe('FAILED')
  await setServer(true)
  await askForTranscripts(town.platform)
  expect((await town.statusOf(viewer, id)).stage).toBe('FAILED')
  await askForTranscripts(town.platform, soon)
  expect((await town.steps(viewer, id, end?.cursor)).at(-1)).toMatchObject({ stage: 'READY', error: null })
})

test.each([
  ['is cut behind its head', makeMp4().subarray(0, 60), undefined, 'UNREADABLE'],
  [
    'has no sound that the server can hear',
    makeWav({ pitch: 200 }),
    { status: 400, error: 'Invalid audio' },
    'UNREADABLE',
  ],
  ['holds moving pictures', makeMp4({ brand: 'isom', pictures: true }), undefined, 'UNSUPPORTED_TYPE'],
] as const)('a recording that %s fails at once', async (_what, bytes, fault, code) => {
  if (fault) server.faults = [fault]
  const { end } = await lastStep(createTestViewer(), 'son.wav', bytes)
  expect(end).toMatchObject({ stage: 'FAILED', error: { code } })
})

test('a recording in which nothing is said is EMPTY', async () => {
  server.transcript = { text: '', duration: 5, segments: [] }
  const { end } = await lastStep(createTestViewer(), 'silence.wav', makeWav({ pitch: 100 }))
  expect(end).toMatchObject({ stage: 'FAILED', error: { code: 'EMPTY' } })
})

test.each(['cancelIngestion', 'deleteDocument'] as const)('%s ends a transcription under way', async (mutation) => {
  const viewer = createTestViewer()
  server.faults = ['silence']
  const [asked, left] = [server.requests.length, server.abandoned]
  const { id } = await town.upload(viewer, 'long.wav', makeWav({ pitch: 300 }))
  await expect.poll(() => server.requests.length, { timeout: 40_000 }).toBe(asked + 1)
  await town.mutate(viewer, mutation, id)
  await expect.poll(() => server.abandoned, { timeout: 40_000 }).toBe(left + 1)
  const { documents } = await town.client.data<{ documents: object }>(
    viewer,
    '{ documents { nodes { status { stage } pageCount } } }',
  )
  expect(documents).toEqual({
    nodes: mutation === 'deleteDocument' ? [] : [{ status: { stage: 'CANCELLED' }, pageCount: null }],
  })
})

test('read anew, a recording loses what it said before when nobody hears it now', async () => {
  const viewer = createTestViewer()
  const { id, end } = await lastStep(viewer, 'avant.wav', makeWav({ pitch: 500 }))
  expect(end?.stage).toBe('READY')
  await setServer(false)
  await town.mutate(viewer, 'reprocessDocument', id)
  expect((await town.steps(viewer, id, end?.cursor)).at(-1)).toMatchObject({ error: { code: 'SPEECH_UNAVAILABLE' } })
  const found = () => town.client.data(viewer, `{ search(query: "palette") { nodes { score } } }`)
  await expect.poll(found, { timeout: 40_000 }).toEqual({ search: { nodes: [] } })
  await setServer(true)
})

test('a voice message that came with an e-mail is a document of its own', async () => {
  const viewer = createTestViewer()
  const mail = [
    'From: Paul <paul@exemple.fr>',
    'To: quai@exemple.fr',
    'Subject: Message vocal',
    'MIME-Version: 1.0',
    'Content-Type: multipart/mixed; boundary=B',
    '',
    '--B',
    'Content-Type: text/plain',
    '',
    'Voir le message joint.',
    '--B',
    'Content-Type: audio/wav; name="vocal.wav"',
    'Content-Disposition: attachment; filename="vocal.wav"',
    'Content-Transfer-Encoding: base64',
    '',
    makeWav({ pitch: 600 }).toString('base64'),
    '--B--',
    '',
  ].join('\r\n')
  await town.read(viewer, 'message.eml', mail)
  const listed = () =>
    town.client.data(viewer, '{ documents(orderBy: TITLE_ASC) { nodes { title contentType status { stage } } } }')
  await expect.poll(listed, { timeout: 40_000 }).toEqual({
    documents: {
      nodes: [
        { title: 'message', contentType: 'message/rfc822', status: { stage: 'READY' } },
        { title: 'vocal', contentType: 'audio/wav', status: { stage: 'READY' } },
      ],
    },
  })
})
