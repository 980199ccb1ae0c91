import { resolve } from 'node:path'
import { toRedisAddress } from '@passerelle/platform/coordination/redis'
import { z } from 'zod'
import { blobsSettings, toBlobsEnv } from './blobs.ts'
import { limitSettings, toLimitsEnv } from './limits.ts'
import { mailSettings, toMailEnv } from './mail.ts'
import { outgoingSettings } from './outgoing.ts'
import { mebibytes, modelsSettings, toModelsEnv, url } from './models.ts'
import { sealingSettings, toSealingEnv, type MasterKeyEnv } from './sealing.ts'
import { sqlSettings, toSqlEnv } from './sql.ts'
import { subgraphSettings, toSubgraphUrls } from './subgraphs.ts'
import { toVectorsEnv, vectorsSettings } from './vectors.ts'
import { readSecretFiles } from '../secrets/secret-files.ts'

const levels = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const

const graphUrl = z.url({
  protocol: /^(bolt|neo4j)(\+s|\+ssc)?$/,
  error: () => 'GRAPH_URL must be the address of a Neo4j such as bolt://neo4j:password@127.0.0.1:7687.',
})

/** It may hold a password, which no message repeats. */
const coordinationUrl = z.string().refine((text) => toRedisAddress(text) !== null, {
  error:
    'COORDINATION_URL must be the address of a Redis such as redis://user:password@127.0.0.1:6379, rediss://… or redis-cluster://host:6379,host:6379.',
})

const settings = z.object({
  PORT: z
    .string()
    .default('4000')
    .refine((text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535, {
      error: ({ input }) => `PORT must be a number from 0 to 65535, not “${input}”.`,
    })
    .transform(Number),
  PASSERELLE_HOST: z.string().default('127.0.0.1'),
  /** Read by the room of the people itself; refused here when it is wrong. */
  PASSERELLE_URL: url('PASSERELLE_URL', 'https://passerelle.exemple.fr').optional(),
  PASSERELLE_DATA: z
    .string()
    .default('.data')
    .transform((folder) => resolve(folder)),
  PASSERELLE_OPERATORS: z
    .string()
    .default('')
    .refine((text) => text.split(',').every((id) => /^(org_\w+)?$/.test(id.trim())), {
      error: ({ input }) => `PASSERELLE_OPERATORS must be ids of organisations with commas, not “${input}”.`,
    }),
  PASSERELLE_SIGN_UP: z
    .enum(['on', 'off'], { error: ({ input }) => `PASSERELLE_SIGN_UP must be on or off, not “${input}”.` })
    .default('on'),
  PASSERELLE_PLAN: z
    .enum(['', 'FREE', 'TEAM', 'UNLIMITED'], {
      error: ({ input }) => `PASSERELLE_PLAN must be FREE, TEAM or UNLIMITED, not “${input}”.`,
    })
    .default(''),
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
  /** Read by the room of the AI itself; refused here when it is wrong. */
  AI_JOBS_KEEP_DAYS: z
    .string()
    .default('90')
    .refine((text) => /^\d{1,4}$/.test(text) && Number(text) >= 1 && Number(text) <= 3_650, {
      error: ({ input }) => `AI_JOBS_KEEP_DAYS must be a number of days from 1 to 3650, not “${input}”.`,
    }),
  ...sqlSettings,
  ...blobsSettings,
  ...limitSettings,
  ...mailSettings,
  ...outgoingSettings,
  ...sealingSettings,
  ...subgraphSettings,
  ...vectorsSettings,
  /** Read by the room of the people itself; refused here when it is wrong. */
  PASSERELLE_ERASURE_DELAY_DAYS: z
    .string()
    .default('7')
    .refine((text) => /^\d{1,3}$/.test(text) && Number(text) <= 365, {
      error: ({ input }) => `PASSERELLE_ERASURE_DELAY_DAYS must be a number of days from 0 to 365, not “${input}”.`,
    }),
  PASSERELLE_SECRETS: z.string().optional(),
  PASSERELLE_ERASURES: z.string().optional(),
  OTEL_EXPORTER_OTLP_ENDPOINT: url('OTEL_EXPORTER_OTLP_ENDPOINT', 'http://127.0.0.1:4318').optional(),
  GRAPH_URL: graphUrl.optional(),
  GRAPH_PASSWORD: z.string().optional(),
  COORDINATION_URL: coordinationUrl.optional(),
  COORDINATION_PASSWORD: z.string().optional(),
  ...modelsSettings,
})

const toEnv = settings.transform((raw) => ({
  port: raw.PORT,
  host: raw.PASSERELLE_HOST,
  /** Absolute. */
  dataFolder: raw.PASSERELLE_DATA,
  demo: raw.PASSERELLE_DEMO,
  demoPassword: raw.PASSERELLE_DEMO_PASSWORD,
  logLevel: raw.LOG_LEVEL,
  /** Where people reach the installation; undefined where only this machine does. */
  publicUrl: raw.PASSERELLE_URL,
  /** What models may take of the card together. */
  gpuMemoryMiB: raw.GPU_MEMORY_MIB,
  sql: toSqlEnv(raw),
  blobs: toBlobsEnv(raw),
  limits: toLimitsEnv(raw),
  /** What customers may have asked beside the internet. */
  outgoingAllow: raw.PASSERELLE_OUTGOING_ALLOW,
  /** Where the processes of the subgraphs are, for a process that is not all of them. */
  subgraphUrls: toSubgraphUrls(raw),
  /** The file of the installation's secrets, when it is not in the data folder. */
  secretsFile: raw.PASSERELLE_SECRETS,
  /** The list of erasures, when it is not in the data folder: several machines share it. */
  erasuresFile: raw.PASSERELLE_ERASURES,
  /** Where a collector takes traces. */
  traces: raw.OTEL_EXPORTER_OTLP_ENDPOINT,
  vectors: toVectorsEnv(raw),
  /** The Neo4j that takes the embedded graph's place. */
  graph: raw.GRAPH_URL ? { url: raw.GRAPH_URL, password: raw.GRAPH_PASSWORD } : undefined,
  /** A Redis, one server or a cluster; without it, a file in the data folder. */
  coordination: raw.COORDINATION_URL ? { url: raw.COORDINATION_URL, password: raw.COORDINATION_PASSWORD } : undefined,
  ...toModelsEnv(raw),
}))

/** How this process was told to run. */
export type Env = z.output<typeof toEnv> & {
  /** The mail server; undefined where messages stay. */
  smtp: ReturnType<typeof toMailEnv>
  /** The master key of what is sealed; without one, a file beside the secrets. */
  masterKey: MasterKeyEnv
  /** The files that secrets were read from. */
  secretFiles: readonly string[]
}

/**
 * Reads the settings of the environment; an empty one counts as not set, and a secret may be in the file that `<NAME>_FILE` names. Answers every fault as
 * a sentence of its own.
 */
export function readEnv(source: NodeJS.ProcessEnv = process.env): { env: Env } | { faults: string[] } {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''))
  const { secrets, files, faults } = readSecretFiles(present)
  const raw: Record<string, string | undefined> = { ...present, ...secrets }
  const read = toEnv.safeParse(raw)
  faults.push(...(read.error?.issues ?? []).map(({ message }) => message))
  // Read as they were given: what is wrong between settings is told with what is wrong with single ones, not after that is mended.
  const tell = (sentence: string): void => void faults.push(sentence)
  const [smtp, masterKey] = [toMailEnv(raw, tell), toSealingEnv(raw, tell)]
  if (!read.success || faults.length > 0) return { faults }
  return { env: { ...read.data, smtp, masterKey, secretFiles: files } }
}
