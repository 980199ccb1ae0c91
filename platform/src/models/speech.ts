import { open, type FileHandle } from 'node:fs/promises'
import { z } from 'zod'
import { createDeadline } from './deadline.ts'
import { createFetch, reach, toFailure } from './http.ts'
import { toLanguageCode } from './languages.ts'
import { postMultipart } from './multipart.ts'
import { ModelFailure, type ProviderModel, type SpeechProvider } from './provider.ts'

export interface SpeechOptions {
  /** The server, with or without `/v1` behind it. */
  url: string
  /** What the server calls its model; without it, the first that it lists. */
  model?: string | undefined
  apiKey?: string | undefined
  /** What the model takes of the card, MiB. */
  vramMiB?: number | undefined
  timeouts?: Partial<SpeechTimeouts> | undefined
}

/** Milliseconds. An answer comes whole when the last word has been heard: an hour of speech without a GPU takes its time. */
export interface SpeechTimeouts {
  connect: number
  answer: number
}

const TIMEOUTS: SpeechTimeouts = { connect: 3_000, answer: 3_600_000 }
/** Whisper large-v3-turbo at half precision, with what it works in. */
export const USUAL_SPEECH_MIB = 3_000
/** What servers of one model take for its name, and the name that OpenAI gave it. */
const USUAL_MODEL = 'whisper-1'
/** Of an answer; a day of speech is a fifth of it. */
const MOST_BYTES = 64 * 2 ** 20

/** A server that speaks OpenAI's `/v1/audio/transcriptions`: whisper.cpp, speaches, vLLM, OpenAI itself. */
export function createSpeech({
  url,
  model,
  apiKey,
  vramMiB = USUAL_SPEECH_MIB,
  timeouts,
}: SpeechOptions): SpeechProvider {
  const limits = { ...TIMEOUTS, ...timeouts }
  const base = `${url.replace(/\/+$/, '').replace(/\/v1$/, '')}/v1`
  const headers: Record<string, string> = apiKey ? { Authorization: `Bearer ${apiKey}` } : {}
  const toModel = (name: string): ProviderModel => ({
    name,
    digest: null,
    sizeMiB: vramMiB,
    skills: ['speech'],
    contextLength: null,
    details: null,
  })

  return {
    name: 'speech',
    async list(signal) {
      const listed = await listNames(`${base}/models`, { headers, signal, connectMs: limits.connect })
      if (model) return [toModel(model)]
      return (listed.length > 0 ? listed : [USUAL_MODEL]).map(toModel)
    },
    async transcribe({ model, path, fileName, mimeType, language }, signal) {
      const file = await open(path)
      const deadline = createDeadline(signal)
      try {
        const target = new URL(`${base}/audio/transcriptions`)
        await reach(target, limits.connect, deadline.signal)
        deadline.await('transcript', limits.answer)
        const answer = await postMultipart(target, {
          headers,
          fields: [
            ['model', model.name],
            ['response_format', 'verbose_json'],
            ...(language ? ([['language', language]] as const) : []),
          ],
          file: { name: 'file', fileName, mimeType, handle: file },
          signal: deadline.signal,
          mostBytes: MOST_BYTES,
        })
        return toTranscript(answer)
      } catch (error) {
        throw toFailure(error, deadline.signal, 'broken')
      } finally {
        deadline.end()
        await close(file)
      }
    },
  }
}

/** What the server lists that hears: all of it, unless it says of some what they are for. A server without a list (whisper.cpp) has none. */
async function listNames(
  url: string,
  { headers, signal, connectMs }: { headers: Record<string, string>; signal: AbortSignal; connectMs: number },
): Promise<string[]> {
  try {
    const response = await createFetch(signal, connectMs)(url, { headers })
    const { data } = Listing.parse(await response.json())
    const hearing = data.filter(({ id, task }) => (task ? /speech-recognition|transcri/.test(task) : HEARS.test(id)))
    return (hearing.length > 0 ? hearing : data.filter(({ task }) => !task)).map(({ id }) => id)
  } catch (error) {
    if (error instanceof ModelFailure && (error.status === 404 || error.status === 405)) return []
    throw toFailure(error, signal, 'broken')
  }
}

const Listing = z.object({ data: z.array(z.object({ id: z.string(), task: z.string().nullish() })) })
const HEARS = /whisper|transcri|parakeet|canary|voxtral|speech/i

const Seconds = z.number().nonnegative().finite()
const Answer = z.object({
  text: z.string().default(''),
  language: z.string().nullish(),
  duration: z.union([Seconds, z.string().transform(Number).pipe(Seconds)]).nullish(),
  segments: z
    .array(
      z.object({
        start: Seconds,
        end: Seconds,
        text: z.string(),
        speaker: z.union([z.string(), z.number().transform(String)]).nullish(),
      }),
    )
    .nullish(),
})

/** A server that gives no segments has heard one. */
function toTranscript(body: string): Awaited<ReturnType<SpeechProvider['transcribe']>> {
  const { text, language, duration, segments } = parse(body)
  const durationMs = duration == null ? null : Math.round(duration * 1_000)
  const heard = segments?.length ? segments : [{ start: 0, end: duration ?? 0, text, speaker: null }]
  return {
    language: toLanguageCode(language ?? null),
    durationMs,
    segments: heard
      .map(({ start, end, text: words, speaker }) => ({
        startMs: Math.round(start * 1_000),
        endMs: Math.round(Math.max(start, end) * 1_000),
        text: words.trim(),
        speaker: speaker ?? null,
      }))
      .filter((segment) => segment.text !== '')
      .sort((left, right) => left.startMs - right.startMs),
  }
}

function parse(body: string): z.output<typeof Answer> {
  try {
    return Answer.parse(JSON.parse(body))
  } catch (error) {
    throw new ModelFailure('broken', `What came is no transcript: ${body.slice(0, 200)}`, { cause: error })
  }
}

/** A stream that was destroyed has closed it already. */
async function close(file: FileHandle): Promise<void> {
  await file.close().catch(() => undefined)
}
