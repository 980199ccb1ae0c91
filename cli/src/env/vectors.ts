import { z } from 'zod'
import { url } from './models.ts'

/** A Qdrant in place of the embedded search index. */
export interface VectorsEnv {
  url: string
  apiKey: string | undefined
  /** What its collection is called there: installations with names of their own can share a Qdrant. */
  alias: string
  /** How the collection is made when there is none yet. */
  layout: { shards: number; replicas: number }
}

const few = (name: string) =>
  z
    .string()
    .default('1')
    .refine((text) => /^\d{1,2}$/.test(text) && Number(text) >= 1, {
      error: ({ input }) => `${name} must be a number from 1 to 99, not “${input}”.`,
    })
    .transform(Number)

export const vectorsSettings = {
  VECTORS_URL: url('VECTORS_URL', 'http://127.0.0.1:6333').optional(),
  VECTORS_API_KEY: z.string().optional(),
  VECTORS_COLLECTION: z
    .string()
    .default('passerelle')
    .refine((text) => /^[a-z0-9][a-z0-9_-]{0,60}$/.test(text), {
      error: ({ input }) => `VECTORS_COLLECTION must be a name of small letters, digits and hyphens, not “${input}”.`,
    }),
  VECTORS_SHARDS: few('VECTORS_SHARDS'),
  VECTORS_REPLICAS: few('VECTORS_REPLICAS'),
}

/** The Qdrant that the settings describe; undefined for the embedded index. */
export function toVectorsEnv(raw: z.output<z.ZodObject<typeof vectorsSettings>>): VectorsEnv | undefined {
  if (!raw.VECTORS_URL) return undefined
  return {
    url: raw.VECTORS_URL,
    apiKey: raw.VECTORS_API_KEY,
    alias: raw.VECTORS_COLLECTION,
    layout: { shards: raw.VECTORS_SHARDS, replicas: raw.VECTORS_REPLICAS },
  }
}
