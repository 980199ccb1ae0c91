import { resolve } from 'node:path'
import { z } from 'zod'

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

const url = (name: string) =>
  z.url({
    protocol: /^https?$/,
    error: ({ input }) => `${name} must be an http(s) address such as http://127.0.0.1:11434, not “${input}”.`,
  })

const mebibytes = (name: string, what: string) =>
  z
    .string()
    .refine((text) => /^\d{3,7}$/.test(text), {
      error: ({ input }) => `${name} must be ${what} in MiB, such as 12000, not “${input}”.`,
    })
    .transform(Number)

const settings = z.object({
  PORT: z
    .string()
    .default('4000')
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, {
      error: ({ input }) => `PORT must be a number from 0 to 65535, not “${input}”.`,
    })
    .transform(Number),
  PASSERELLE_HOST: z.string().default('127.0.0.1'),
  PASSERELLE_DATA: z
    .string()
    .default('.data')
    .transform((folder) => resolve(folder)),
  PASSERELLE_DEMO: z
    .enum(['on', 'off'], { error: ({ input }) => `PASSERELLE_DEMO must be on or off, not “${input}”.` })
    .default('on')
    .transform((value) => value === 'on'),
  PASSERELLE_DEMO_PASSWORD: z
    .string()
    .max(200, 'PASSERELLE_DEMO_PASSWORD must have at most 200 characters.')
    .optional(),
  LOG_LEVEL: z
    .enum(levels, { error: ({ input }) => `LOG_LEVEL must be one of ${levels.join(', ')}, not “${input}”.` })
    .default('info'),
  GPU_MEMORY_MIB: mebibytes('GPU_MEMORY_MIB', "the card's memory").default(12_000),
  OLLAMA_URL: url('OLLAMA_URL').optional(),
  OLLAMA_CHAT_MODEL: z.string().optional(),
  OLLAMA_EMBEDDING_MODEL: z.string().optional(),
  SPEECH_URL: url('SPEECH_URL').optional(),
  SPEECH_MODEL: z.string().optional(),
  SPEECH_API_KEY: z.string().optional(),
  SPEECH_VRAM_MIB: mebibytes('SPEECH_VRAM_MIB', 'what the speech model takes of the card').optional(),
})

const toEnv = settings.transform((raw) => ({
  port: raw.PORT,
  host: raw.PASSERELLE_HOST,
  /** Absolute. */
  dataFolder: raw.PASSERELLE_DATA,
  demo: raw.PASSERELLE_DEMO,
  demoPassword: raw.PASSERELLE_DEMO_PASSWORD,
  logLevel: raw.LOG_LEVEL,
  /** What models may take of the card together. */
  gpuMemoryMiB: raw.GPU_MEMORY_MIB,
  ollama: raw.OLLAMA_URL
    ? { url: raw.OLLAMA_URL, chatModel: raw.OLLAMA_CHAT_MODEL, embeddingModel: raw.OLLAMA_EMBEDDING_MODEL }
    : undefined,
  speech: raw.SPEECH_URL
    ? {
        url: raw.SPEECH_URL,
        model: raw.SPEECH_MODEL,
        apiKey: raw.SPEECH_API_KEY,
        vramMiB: raw.SPEECH_VRAM_MIB,
      }
    : undefined,
}))

/** How this process was told to run. */
export type Env = z.output<typeof toEnv>

/** Reads the settings of the environment; an empty one counts as not set. Answers every fault as a sentence of its own. */
export function readEnv(source: NodeJS.ProcessEnv = process.env): { env: Env } | { faults: string[] } {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const read = toEnv.safeParse(present)
  return read.success ? { env: read.data } : { faults: read.error.issues.map(({ message }) => message) }
}
