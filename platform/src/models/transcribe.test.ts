import { createHash, randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EngineUnavailable, InvalidInput } from '../schema/refusals.ts'
import type { TranscriptionRequest } from './models.ts'
import type { SpeechOptions } from './speech.ts'
import { CAPACITY, useStage } from './stage.testing.ts'
import { openSpeechServer, type SpeechServer } from './testing.ts'

const stage = useStage()
let speech: SpeechServer
let recording: Buffer
let path: string

const openWith = (options: Partial<SpeechOptions> = {}) =>
  stage.reopen({ speech: { url: speech.url, vramMiB: 2_000, timeouts: { connect: 1_000, answer: 2_000 }, ...options } })

const request = (rest: Partial<TranscriptionRequest> = {}): TranscriptionRequest => ({
  organizationId: 'org_a',
  userId: null,
  task: 'transcribe',
  priority: 'batch',
  path,
  fileName: 'vocal "livraison".ogg',
  mimeType: 'audio/ogg',
  ...rest,
})

beforeEach(async () => {
  speech = await openSpeechServer()
  recording = randomBytes(300_000)
  path = join(stage.folder, 'recording.ogg')
  await writeFile(path, recording)
  await openWith()
})
afterEach(() => speech.close())

describe('speech', () => {
  it('comes as what was said, when, with the whole file sent as a form', async () => {
    expect(await stage.models.transcribe(request({ language: 'fr' }))).toEqual({
      model: 'Systran/faster-whisper-large-v3',
      language: 'fr',
      durationMs: 4_200,
      segments: [
        { startMs: 0, endMs: 1_900, text: 'Le colis est arrivé.', speaker: null },
        { startMs: 1_900, endMs: 4_200, text: 'Il est cassé.', speaker: null },
      ],
    })
    expect(speech.requests).toEqual([
      {
        fields: { model: 'Systran/faster-whisper-large-v3', response_format: 'verbose_json', language: 'fr' },
        file: {
          fileName: 'vocal %22livraison%22.ogg',
          mimeType: 'audio/ogg',
          size: recording.length,
          sha256: createHash('sha256').update(recording).digest('hex'),
        },
        authorization: null,
      },
    ])
    expect(stage.calls).toMatchObject([
      {
        kind: 'transcribe',
        provider: 'speech',
        task: 'transcribe',
        input: null,
        output: 'Le colis est arrivé.\nIl est cassé.',
        outcome: 'done',
      },
    ])
  })

  it('waits in the queue with the weight of its model', async () => {
    const blocker = await stage.models.queue.acquire({
      organizationId: 'org_b',
      task: 'x',
      model: 'x',
      weight: CAPACITY - 1_000,
      priority: 'interactive',
    })
    const places: number[] = []
    const heard = stage.models.transcribe(request({ onPlace: (place) => void places.push(place) }))
    await expect.poll(() => places).toEqual([1])
    expect(speech.requests).toEqual([])
    await blocker.release()
    expect((await heard).segments).toHaveLength(2)
  })

  it('tells speakers apart when the server does, and takes its times in any order', async () => {
    speech.transcript = {
      language: 'en',
      duration: '3.5',
      text: '',
      segments: [
        { start: 2, end: 1, text: 'Yes.', speaker: 'SPEAKER_01' },
        { start: 0, end: 2, text: 'Ready?', speaker: 'SPEAKER_00' },
        { start: 3, end: 3.5, text: '  ' },
      ],
    }
    expect(await stage.models.transcribe(request())).toMatchObject({
      language: 'en',
      durationMs: 3_500,
      segments: [
        { startMs: 0, endMs: 2_000, text: 'Ready?', speaker: 'SPEAKER_00' },
        { startMs: 2_000, endMs: 2_000, text: 'Yes.', speaker: 'SPEAKER_01' },
      ],
    })
  })

  it('is one segment when the server gives only the text, and none when nothing was said', async () => {
    speech.transcript = { text: 'Bonjour.', language: null, duration: null }
    expect(await stage.models.transcribe(request())).toMatchObject({
      language: null,
      durationMs: null,
      segments: [{ startMs: 0, endMs: 0, text: 'Bonjour.', speaker: null }],
    })
    speech.transcript = { text: ' ', duration: 9, segments: [] }
    expect((await stage.models.transcribe(request())).segments).toEqual([])
  })

  it('is understood by the model that was named, with the key, on a server that lists none', async () => {
    speech.models = null
    speech.apiKey = 'sk-test'
    await openWith({ apiKey: 'sk-test', url: `${speech.url}/v1/` })
    expect((await stage.models.capabilities('org_a')).speech).toBe('whisper-1')
    await openWith({ apiKey: 'sk-test', model: 'large-v3' })
    expect((await stage.models.transcribe(request())).model).toBe('large-v3')
    expect(speech.requests[0]?.authorization).toBe('Bearer sk-test')
  })
})

describe('a speech server', () => {
  it('that is not configured, refuses the key, or does not answer is unavailable, and says so before', async () => {
    await stage.reopen()
    await expect(stage.models.transcribe(request())).rejects.toMatchObject({ engine: 'speech' })
    speech.apiKey = 'sk-other'
    await openWith({ apiKey: 'sk-test' })
    expect((await stage.models.capabilities('org_a')).speech).toBeNull()
    await expect(stage.models.health()).rejects.toMatchObject({ engine: 'speech' })
    await speech.close()
    await openWith()
    await expect(stage.models.transcribe(request())).rejects.toMatchObject({ engine: 'speech' })
    speech = await openSpeechServer()
  })

  it.each([
    ['is silent', 'silence', 'slow'],
    ['ends its answer half-way', 'drop', 'broken'],
    ['answers with a page', { body: '<html>Bad gateway</html>' }, 'broken'],
    [
      'answers with times that are none',
      { body: '{"text":"x","segments":[{"start":-1,"end":2,"text":"x"}]}' },
      'broken',
    ],
  ] as const)('that %s has failed, and serves the next', async (_what, fault, kind) => {
    // Only silence has to be waited for; everything else has the time of a slow machine.
    await openWith({ timeouts: { connect: 10_000, answer: fault === 'silence' ? 2_000 : 30_000 } })
    speech.faults.push(fault)
    await expect(stage.models.transcribe(request())).rejects.toMatchObject({ engine: 'speech', cause: { kind } })
    expect(stage.calls).toMatchObject([{ outcome: 'failed', error: expect.any(String) }])
    expect((await stage.models.transcribe(request())).segments).toHaveLength(2)
    expect(await stage.models.queue.state()).toMatchObject({ used: 0, waiting: 0 })
  })

  it('that is busy or hangs up is sent the file again', async () => {
    speech.faults.push({ status: 429, error: 'busy' }, 'hang up')
    expect((await stage.models.transcribe(request())).segments).toHaveLength(2)
    expect(new Set(speech.requests.map(({ file }) => file.sha256)).size).toBe(1)
    expect(speech.requests).toHaveLength(3)
  })

  it('that cannot read the file makes it a wrong input', async () => {
    speech.faults.push({ status: 400, error: 'Invalid file format.' })
    const failure = await stage.models.transcribe(request()).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(InvalidInput)
    expect(failure).toMatchObject({ message: expect.stringContaining('Invalid file format.') })
  })

  it('is left when the caller has had enough', async () => {
    speech.faults.push('silence')
    const controller = new AbortController()
    const heard = stage.models.transcribe(request({ signal: controller.signal }))
    heard.catch(() => undefined)
    await expect.poll(() => speech.requests.length).toBe(1)
    controller.abort(new Error('Withdrawn.'))
    await expect(heard).rejects.toThrow('Withdrawn.')
    await expect.poll(() => [speech.open, speech.abandoned]).toEqual([0, 1])
    expect(stage.calls).toMatchObject([{ outcome: 'cancelled' }])
  })

  it('is not told of a file that is not there', async () => {
    await expect(stage.models.transcribe(request({ path: `${path}.gone` }))).rejects.toMatchObject({ code: 'ENOENT' })
    expect(speech.requests).toEqual([])
    await expect(stage.models.transcribe(request())).resolves.not.toBeInstanceOf(EngineUnavailable)
  })
})
