import { openSpeechServer, type SpeechServer } from '@passerelle/platform/models/testing'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { enter, findViolations, openBrowser, openVisitor } from './browser.ts'
import { logIn, settled, type ApiClient } from './client.ts'
import { preparePasserelle, surprises, type Passerelle } from './passerelle.ts'

const email = 'demo@passerelle.local'
/** The machine may have much else to do. */
const patience = { timeout: 60_000 }
let speech: SpeechServer
let house: Passerelle
let browser: Browser
let client: ApiClient

beforeAll(async () => {
  speech = await openSpeechServer()
  speech.transcript = {
    language: 'french',
    duration: 30,
    text: '',
    segments: [
      { start: 0, end: 9, text: ' Bonjour, ici le quai numéro quatre.', speaker: 'SPEAKER_00' },
      { start: 9, end: 20, text: ' Le colis 6A12345678901 est arrivé cassé.', speaker: 'SPEAKER_00' },
      { start: 20, end: 30, text: ' La palette de remplacement part demain.', speaker: 'SPEAKER_01' },
    ],
  }
  house = await preparePasserelle({ SPEECH_URL: speech.url })
  // It builds what the house serves.
  browser = await openBrowser()
  await house.start()
  client = await enterApi()
})

afterAll(async () => {
  await browser?.close()
  await house?.remove()
  await speech?.close()
})

async function enterApi(): Promise<ApiClient> {
  const entered = await logIn(house.url, email, house.demoPassword)
  if (!entered) throw new Error('The demo cannot log in.')
  return entered
}

/** A tone as WAV: 16 bit, one channel. */
function makeTone(seconds: number, pitch: number): Buffer {
  const rate = 8000
  const bytes = Buffer.alloc(44 + seconds * rate * 2)
  bytes.write('RIFF', 0)
  bytes.writeUInt32LE(bytes.length - 8, 4)
  bytes.write('WAVEfmt ', 8)
  bytes.writeUInt32LE(16, 16)
  bytes.writeUInt16LE(1, 20)
  bytes.writeUInt16LE(1, 22)
  bytes.writeUInt32LE(rate, 24)
  bytes.writeUInt32LE(rate * 2, 28)
  bytes.writeUInt16LE(2, 32)
  bytes.writeUInt16LE(16, 34)
  bytes.write('data', 36)
  bytes.writeUInt32LE(bytes.length - 44, 40)
  for (let index = 0; index < seconds * rate; index++)
    bytes.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * pitch * index) / rate)), 44 + index * 2)
  return bytes
}

const statusOf = async (id: string) =>
  (
    await client.ask<{ document: { status: { stage: string; error: { code: string } | null } } }>(
      'query ($id: ID!) { document(id: $id) { status { stage error { code } } } }',
      { id },
    )
  ).document.status

test('a recording is found by what is said in it and opened at that second, to listen to and to read along', async () => {
  await client.upload('Message du quai.wav', makeTone(30, 440))
  await settled(client)
  const { page, context, faults } = await openVisitor(browser, house.url)
  await enter(page, { email, password: house.demoPassword })
  await page.goto('/search?q=palette+de+remplacement')
  await page.locator('main li').filter({ hasText: 'Message du quai' }).getByRole('link').first().click()
  const audio = page.locator('audio')
  const time = () => audio.evaluate((element: HTMLAudioElement) => element.currentTime)
  const paused = () => audio.evaluate((element: HTMLAudioElement) => element.paused)
  await expect.poll(time, patience).toBe(20)
  await page.getByText('La palette de remplacement part demain.').waitFor()
  expect(await page.locator('[aria-current=true]').innerText()).toBe('La palette de remplacement part demain.')
  expect(await findViolations(page)).toEqual([])
  await page.getByRole('region', { name: 'Transcription' }).focus()
  await page.keyboard.press('ArrowLeft')
  await expect.poll(time, patience).toBe(15)
  await page.keyboard.press('Space')
  await expect.poll(paused, patience).toBe(false)
  await page.keyboard.press('Space')
  await expect.poll(paused, patience).toBe(true)
  await page.getByText('Bonjour, ici le quai numéro quatre.').click()
  await expect.poll(paused, patience).toBe(false)
  await page.getByRole('button', { name: 'Mettre en pause' }).click()
  expect(await time()).toBeLessThan(9)
  expect(faults).toEqual([])
  await context.close()
})

test('its file is sent as sound, whole or in part', async () => {
  const { documents } = await client.ask<{ documents: { nodes: { fileUrl: string }[] } }>(
    '{ documents(search: "Message du quai") { nodes { fileUrl } } }',
  )
  const answer = await fetch(new URL(documents.nodes[0]?.fileUrl ?? '', house.url), {
    headers: { range: 'bytes=44-1043' },
  })
  expect(answer.status).toBe(206)
  expect(answer.headers.get('content-type')).toBe('audio/wav')
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(makeTone(30, 440).subarray(44, 1044))
})

test('a kill in the middle of a transcription costs one more, and the recording ends READY', async () => {
  const asked = speech.requests.length
  speech.faults = ['silence']
  const id = await client.upload('Coupé.wav', makeTone(3, 500))
  await expect.poll(() => speech.requests.length, patience).toBe(asked + 1)
  await house.kill()
  await house.start()
  client = await enterApi()
  await settled(client)
  expect(await statusOf(id)).toEqual({ stage: 'READY', error: null })
  expect(speech.requests.length).toBe(asked + 2)
})

test('what nobody can hear fails at once and holds up nothing', async () => {
  const wav = makeTone(1, 600)
  const rude = [
    wav.subarray(0, 30),
    Buffer.concat([Buffer.from('OggS'), Buffer.alloc(5000, 0xff)]),
    Buffer.from('fLaC'),
  ]
  const ids = await Promise.all(rude.map((bytes, index) => client.upload(`faux-${index}.mp3`, bytes)))
  await settled(client)
  for (const id of ids)
    expect(await statusOf(id)).toMatchObject({
      stage: 'FAILED',
      error: { code: expect.stringMatching(/^UN/) as string },
    })
  expect(surprises(house)).toEqual([])
})
