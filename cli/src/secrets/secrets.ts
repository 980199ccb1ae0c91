import { randomBytes, randomInt } from 'node:crypto'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SigningSeed } from '@passerelle/platform/identity'
import { replaceFile } from '@passerelle/platform/privacy/kept-file'
import { z } from 'zod'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'

const KEY_BYTES = 32
// Without the letters and digits that people mistake for each other when they read them out.
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'

const key = z.base64url().refine((text) => Buffer.from(text, 'base64url').length === KEY_BYTES)
const kept = z.object({
  tokenKey: key,
  fileKey: key,
  demoPassword: z.string().min(1),
  /** Absent until they are rotated for the first time. */
  signingKeys: z.array(z.object({ seed: key, signsFrom: z.iso.datetime() })).optional(),
})

/** What stands in a file of secrets. */
export type KeptSecrets = z.output<typeof kept>

export type Secrets = {
  /** What this installation's other keys are made of, the first that signs access tokens among them. 32 bytes. */
  tokenKey: Uint8Array
  /** Signs file links. 32 bytes. */
  fileKey: Uint8Array
  demoPassword: string
  /** The keys of access tokens once they have been rotated; none before. */
  signingKeys: readonly SigningSeed[]
}

/**
 * The secrets of this installation, made at the first start and kept in `secrets.json`, which only this account may read.
 * A `demoPassword` that is given takes the place of the kept one. A file that cannot be understood is refused, never replaced: new
 * keys would end every session and every link.
 */
export async function openSecrets(
  dataFolder: string,
  given: { demoPassword?: string | undefined } = {},
): Promise<Secrets> {
  const file = join(dataFolder, 'secrets.json')
  const found = await readSecrets(file)
  const secrets = {
    ...found,
    tokenKey: found?.tokenKey ?? createKey(),
    fileKey: found?.fileKey ?? createKey(),
    demoPassword: given.demoPassword ?? found?.demoPassword ?? createPassword(),
  }
  if (found?.demoPassword === secrets.demoPassword) await chmod(file, 0o600)
  else await writeSecrets(file, secrets)
  return toSecrets(secrets)
}

function toText(secrets: KeptSecrets): string {
  return `${JSON.stringify(secrets, null, 2)}\n`
}

function toSecrets({ tokenKey, fileKey, demoPassword, signingKeys = [] }: KeptSecrets): Secrets {
  return {
    tokenKey: fromText(tokenKey),
    fileKey: fromText(fileKey),
    demoPassword,
    signingKeys: signingKeys.map(({ seed, signsFrom }) => ({ seed: fromText(seed), signsFrom: new Date(signsFrom) })),
  }
}

function fromText(text: string): Uint8Array {
  return Buffer.from(text, 'base64url')
}

/** Secrets for an operator to keep where all processes of an installation can read them: the text of a secrets file. */
export function createSecretsText(): string {
  return toText({ tokenKey: createKey(), fileKey: createKey(), demoPassword: createPassword() }).trim()
}

/** The keys of access tokens that the file holds now. */
export async function readSigningKeys(file: string): Promise<readonly SigningSeed[]> {
  return (await readSharedSecrets(file)).signingKeys
}

/** The secrets that several processes share. They are made by the operator: a process that made its own would understand no other. */
export async function readSharedSecrets(file: string): Promise<Secrets> {
  const found = await readSecrets(file)
  if (!found)
    throw new Obstacle(`${file} is not there: make it with \`passerelle secrets\`, the same for every process.`)
  return toSecrets(found)
}

/** What the file holds, or undefined where there is none. Throws an `Obstacle` for one that is damaged. */
export async function readSecrets(file: string): Promise<KeptSecrets | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  try {
    return kept.parse(JSON.parse(text))
  } catch {
    throw new Obstacle(
      `${file} is damaged: restore it from a backup, or remove it to make new secrets (everyone has to log in again).`,
    )
  }
}

/** 32 random bytes as they are kept. */
export function createKey(): string {
  return randomBytes(KEY_BYTES).toString('base64url')
}

function createPassword(): string {
  const group = () => Array.from({ length: 4 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')
  return [group(), group(), group(), group()].join('-')
}

/** Keeps the secrets; a power cut leaves the old file or the new one, never half of one. */
export async function writeSecrets(file: string, secrets: KeptSecrets): Promise<void> {
  await replaceFile(file, toText(secrets))
}

/** The file of this installation's secrets. */
export function secretsFile({ secretsFile: shared, dataFolder }: Env): string {
  return shared ?? join(dataFolder, 'secrets.json')
}
