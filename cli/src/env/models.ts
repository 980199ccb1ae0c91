import { z } from 'zod'

/** The address of a server; the example is one that the setting may have. */
export const url = (name: string, example: string) =>
  z.url({
    protocol: /^https?$/,
    error: ({ input }) => `${name} must be an http(s) address such as ${example}, not “${input}”.`,
  })

/** A size of video memory; `what` completes the sentence of its refusal. */
export const mebibytes = (name: string, what: string) =>
  z
    .string()
    .refine((text) => /^\d{3,7}$/.test(text), {
      error: ({ input }) => `${name} must be ${what} in MiB, such as 12000, not “${input}”.`,
    })
    .transform(Number)

const outside = (name: string) =>
  z
    .enum(['true', 'false'], { error: ({ input }) => `${name} must be true or false, not “${input}”.` })
    .transform((text) => text === 'true')
    .optional()

const providers = ['ollama', 'openai'] as const
const isProvider = (name: string): name is (typeof providers)[number] => providers.some((one) => one === name)

const order = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine((names) => names.every(isProvider) && new Set(names).size === names.length, {
    error: ({ input }) => `MODEL_PROVIDERS must be ollama, openai or both with a comma, not “${input}”.`,
  })
  .transform((names) => names.filter(isProvider))
  .optional()

/** The servers of models. A key may be in the file that its name with `_FILE` names. */
export const modelsSettings = {
  MODEL_PROVIDERS: order,
  OLLAMA_URL: url('OLLAMA_URL', 'http://127.0.0.1:11434').optional(),
  OLLAMA_CHAT_MODEL: z.string().optional(),
  OLLAMA_EMBEDDING_MODEL: z.string().optional(),
  OLLAMA_OUTSIDE: outside('OLLAMA_OUTSIDE'),
  OPENAI_URL: url('OPENAI_URL', 'http://127.0.0.1:8000/v1').optional(),
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_CHAT_MODEL: z.string().optional(),
  OPENAI_EMBEDDING_MODEL: z.string().optional(),
  OPENAI_OUTSIDE: outside('OPENAI_OUTSIDE'),
  OPENAI_VRAM_MIB: mebibytes('OPENAI_VRAM_MIB', 'what one call takes of the card').optional(),
  SPEECH_URL: url('SPEECH_URL', 'http://127.0.0.1:8000').optional(),
  SPEECH_MODEL: z.string().optional(),
  SPEECH_API_KEY: z.string().optional(),
  SPEECH_OUTSIDE: outside('SPEECH_OUTSIDE'),
  SPEECH_VRAM_MIB: mebibytes('SPEECH_VRAM_MIB', 'what the speech model takes of the card').optional(),
}

/** The servers that the settings name; undefined for those that they do not. */
export function toModelsEnv(raw: z.output<z.ZodObject<typeof modelsSettings>>) {
  return {
    modelOrder: raw.MODEL_PROVIDERS,
    ollama: raw.OLLAMA_URL
      ? {
          url: raw.OLLAMA_URL,
          chatModel: raw.OLLAMA_CHAT_MODEL,
          embeddingModel: raw.OLLAMA_EMBEDDING_MODEL,
          outside: raw.OLLAMA_OUTSIDE,
        }
      : undefined,
    openai: raw.OPENAI_URL
      ? {
          url: raw.OPENAI_URL,
          apiKey: raw.OPENAI_API_KEY,
          chatModel: raw.OPENAI_CHAT_MODEL,
          embeddingModel: raw.OPENAI_EMBEDDING_MODEL,
          outside: raw.OPENAI_OUTSIDE,
          vramMiB: raw.OPENAI_VRAM_MIB,
        }
      : undefined,
    speech: raw.SPEECH_URL
      ? {
          url: raw.SPEECH_URL,
          model: raw.SPEECH_MODEL,
          apiKey: raw.SPEECH_API_KEY,
          outside: raw.SPEECH_OUTSIDE,
          vramMiB: raw.SPEECH_VRAM_MIB,
        }
      : undefined,
  }
}
