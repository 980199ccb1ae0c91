import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readEnv } from './env.ts'

test('an empty environment starts everything on this machine alone, with the demo', () => {
  expect(readEnv({})).toEqual({
    env: expect.objectContaining({
      port: 4000,
      host: '127.0.0.1',
      dataFolder: expect.stringMatching(/^\/.*\.data$/),
      demo: true,
      logLevel: 'info',
    }),
  })
})

test('reads what it is told', () => {
  expect(
    readEnv({ PORT: '0', PASSERELLE_DATA: '/srv/passerelle', PASSERELLE_DEMO: 'off', OLLAMA_URL: 'http://gpu:11434' }),
  ).toEqual({
    env: expect.objectContaining({
      port: 0,
      dataFolder: '/srv/passerelle',
      demo: false,
      ollama: { url: 'http://gpu:11434' },
    }),
  })
})

test('knows the servers of models, their order, where they stand and keys from files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-env-'))
  const file = join(folder, 'key')
  await writeFile(file, 'sk-secret\n')
  expect(
    readEnv({
      OPENAI_URL: 'https://models.example.com/v1',
      OPENAI_API_KEY_FILE: file,
      OPENAI_OUTSIDE: 'false',
      MODEL_PROVIDERS: 'openai, ollama',
      SPEECH_URL: 'http://whisper:8080',
      SPEECH_VRAM_MIB: '4000',
    }),
  ).toEqual({
    env: expect.objectContaining({
      modelOrder: ['openai', 'ollama'],
      openai: expect.objectContaining({ url: 'https://models.example.com/v1', apiKey: 'sk-secret', outside: false }),
      speech: expect.objectContaining({ url: 'http://whisper:8080', vramMiB: 4_000, outside: undefined }),
    }),
  })
  for (const [name, wrong] of [
    ['MODEL_PROVIDERS', 'ollama,azure'],
    ['OPENAI_OUTSIDE', 'yes'],
    ['OPENAI_VRAM_MIB', 'lots'],
    ['OPENAI_URL', 'api.openai.com'],
  ] as const)
    expect(readEnv({ [name]: wrong })).toEqual({ faults: [expect.stringContaining(`${name} must be`)] })
  await rm(folder, { recursive: true })
})

test('a setting that is there but empty counts as not set', () => {
  expect(readEnv({ PORT: '', PASSERELLE_DEMO: '' })).toEqual(readEnv({}))
})

test('says every fault in a sentence of its own that names the setting and what it was', () => {
  expect(readEnv({ PORT: 'http', PASSERELLE_DEMO: 'no', LOG_LEVEL: 'loud', OLLAMA_URL: 'gpu:11434' })).toEqual({
    faults: [
      'PORT must be a number from 0 to 65535, not “http”.',
      'PASSERELLE_DEMO must be on or off, not “no”.',
      'LOG_LEVEL must be one of silent, fatal, error, warn, info, debug, trace, not “loud”.',
      'OLLAMA_URL must be an http(s) address such as http://127.0.0.1:11434, not “gpu:11434”.',
    ],
  })
})

test('says what is wrong between settings together with what is wrong with single ones', () => {
  const source = {
    PORT: 'http',
    SMTP_URL: 'smtp://house@mail',
    PASSERELLE_MASTER_KEY: 'short',
    PASSERELLE_MASTER_KEY_URL: 'https://vault:8200/v1/transit/keys/passerelle',
    GRAPH_PASSWORD: 'one',
    GRAPH_PASSWORD_FILE: '/nowhere/graph',
  }
  expect(readEnv(source)).toEqual({
    faults: [
      'Set GRAPH_PASSWORD or GRAPH_PASSWORD_FILE, not both.',
      'GRAPH_PASSWORD_FILE names /nowhere/graph, which cannot be read.',
      'PORT must be a number from 0 to 65535, not “http”.',
      expect.stringMatching(/^PASSERELLE_MASTER_KEY must be 32 bytes/),
      'SMTP_URL names a user, and no password is set.',
      'MAIL_FROM is not an e-mail address, such as Passerelle <courrier@exemple.fr>.',
      'Set PASSERELLE_MASTER_KEY or PASSERELLE_MASTER_KEY_URL, not both.',
      'PASSERELLE_MASTER_KEY_URL needs PASSERELLE_MASTER_KEY_TOKEN: who we are at the key server.',
    ],
  })
})

test('takes a password from a file, without its line end, and says when the file cannot be read or there are two', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-env-'))
  const file = join(folder, 'password')
  await writeFile(file, 'from a file\n')
  const GRAPH_URL = 'neo4j+s://neo4j@graph:7687'
  expect(readEnv({ GRAPH_URL, GRAPH_PASSWORD_FILE: file })).toEqual({
    env: expect.objectContaining({ graph: { url: GRAPH_URL, password: 'from a file' } }),
  })
  expect(readEnv({ GRAPH_URL, GRAPH_PASSWORD: 'one', GRAPH_PASSWORD_FILE: file })).toEqual({
    faults: ['Set GRAPH_PASSWORD or GRAPH_PASSWORD_FILE, not both.'],
  })
  expect(readEnv({ GRAPH_URL: 'http://graph', GRAPH_PASSWORD_FILE: join(folder, 'nowhere') })).toEqual({
    faults: [
      `GRAPH_PASSWORD_FILE names ${join(folder, 'nowhere')}, which cannot be read.`,
      'GRAPH_URL must be the address of a Neo4j such as bolt://neo4j:password@127.0.0.1:7687.',
    ],
  })
  await rm(folder, { recursive: true })
})

test('takes the address of a Redis in any of its forms, and never repeats a wrong one, which may hold a password', () => {
  for (const url of ['redis://redis', 'rediss://:secret@redis:6380/1', 'redis-cluster://a:7000,b:7000'])
    expect(readEnv({ COORDINATION_URL: url })).toMatchObject({ env: { coordination: { url } } })
  for (const url of [
    'http://:secret@redis',
    'redis://:secret@',
    'redis://:secret@a,b',
    'redis-cluster://a/1',
    'redis://:%zz@a',
  ])
    expect(readEnv({ COORDINATION_URL: url })).toEqual({
      faults: [expect.stringMatching(/^COORDINATION_URL must be the address of a Redis (?!.*secret)/)],
    })
})

test('takes the addresses of a database, a bucket and a mail server, with what is secret beside them, and repeats no address in a fault', () => {
  const read = readEnv({
    SQL_URL: 'postgresql://app@pooler:6432/passerelle',
    SQL_PASSWORD: 'secret',
    SQL_LISTEN_URL: 'postgresql://app@db/passerelle',
    BLOBS_URL: 's3://papers?endpoint=http://minio:9000',
    BLOBS_ACCESS_KEY_ID: 'key',
    BLOBS_SECRET_ACCESS_KEY: 'hidden',
  })
  expect(read).toEqual({
    env: expect.objectContaining({
      sql: {
        app: expect.objectContaining({ host: 'pooler', port: 6432, password: 'secret' }),
        listen: expect.objectContaining({ host: 'db', port: 5432, password: 'secret' }),
        owner: undefined,
      },
      blobs: expect.objectContaining({
        bucket: 'papers',
        credentials: { accessKeyId: 'key', secretAccessKey: 'hidden' },
      }),
    }),
  })
  expect(readEnv({ SMTP_URL: 'smtp://house:secret@mail', MAIL_FROM: 'Maison <a@exemple.fr>' })).toEqual({
    env: expect.objectContaining({
      smtp: { server: expect.objectContaining({ host: 'mail' }), from: 'Maison <a@exemple.fr>' },
    }),
  })
  expect(readEnv({ SMTP_URL: 'smtp://house@mail' })).toEqual({
    faults: [
      'SMTP_URL names a user, and no password is set.',
      'MAIL_FROM is not an e-mail address, such as Passerelle <courrier@exemple.fr>.',
    ],
  })
  expect(readEnv({ SQL_URL: 'postgresql://app:secret@db', BLOBS_URL: 'papers' })).toEqual({
    faults: ['SQL_URL names no database.', 'BLOBS_URL is not an s3:// address.'],
  })
})

test('takes a Qdrant with its key and its layout, and says what a layout cannot be', () => {
  const VECTORS_URL = 'https://vectors.example.fr/qdrant'
  expect(readEnv({ VECTORS_URL, VECTORS_API_KEY: 'key', VECTORS_SHARDS: '3', VECTORS_REPLICAS: '2' })).toEqual({
    env: expect.objectContaining({
      vectors: { url: VECTORS_URL, apiKey: 'key', alias: 'passerelle', layout: { shards: 3, replicas: 2 } },
    }),
  })
  expect(
    readEnv({
      VECTORS_URL: 'vectors:6333',
      VECTORS_COLLECTION: 'Ours/2',
      VECTORS_SHARDS: '0',
      VECTORS_REPLICAS: 'two',
    }),
  ).toEqual({
    faults: [
      'VECTORS_URL must be an http(s) address such as http://127.0.0.1:6333, not “vectors:6333”.',
      'VECTORS_COLLECTION must be a name of small letters, digits and hyphens, not “Ours/2”.',
      'VECTORS_SHARDS must be a number from 1 to 99, not “0”.',
      'VECTORS_REPLICAS must be a number from 1 to 99, not “two”.',
    ],
  })
})

test('lets customers reach networks and hosts that are named, and refuses a list that cannot be read', () => {
  expect(readEnv({ PASSERELLE_OUTGOING_ALLOW: 'n8n:5678, 10.0.0.0/8' })).toMatchObject({
    env: { outgoingAllow: 'n8n:5678, 10.0.0.0/8' },
  })
  expect(readEnv({ PASSERELLE_OUTGOING_ALLOW: 'n8n:5678,http://erp' })).toEqual({
    faults: ['PASSERELLE_OUTGOING_ALLOW cannot take “http://erp” for a network or a host with its port.'],
  })
})

test('keeps what models were asked for some days, up to ten years', () => {
  for (const days of ['1', '3650']) expect(readEnv({ AI_JOBS_KEEP_DAYS: days })).toHaveProperty('env')
  for (const days of ['0', '3651', 'always', '-1', '1.5'])
    expect(readEnv({ AI_JOBS_KEEP_DAYS: days })).toEqual({
      faults: [expect.stringContaining('AI_JOBS_KEEP_DAYS must be')],
    })
})
