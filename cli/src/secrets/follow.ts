import { unwatchFile, watchFile } from 'node:fs'
import { openTokenKeys, type SigningSeed, type TokenKeys } from '@passerelle/platform/identity'
import type { Log } from '@passerelle/platform/log'
import type { Env } from '../env/env.ts'
import { readSigningKeys, secretsFile, type Secrets } from './secrets.ts'
import type { Closers } from '../shutdown.ts'

/** How often a process looks whether the keys have been rotated, in milliseconds. */
const lookMs = 5_000

/** The keys of this installation, followed while the process runs: those that are rotated in the file are known within seconds. */
export function followTokenKeys({
  env,
  secrets,
  log,
  closers,
}: {
  env: Env
  secrets: Secrets
  log: Log
  closers: Closers
}): TokenKeys {
  const file = secretsFile(env)
  let signingKeys: readonly SigningSeed[] = secrets.signingKeys
  const look = (): void => {
    readSigningKeys(file).then(
      (read) => {
        if (read.length === signingKeys.length && read.every(isIn(signingKeys))) return
        signingKeys = read
        log.info({ keys: read.length }, 'the keys of access tokens were rotated')
      },
      (error: unknown) => log.warn({ err: error }, 'the secrets cannot be read; the keys known so far go on'),
    )
  }
  watchFile(file, { interval: lookMs, persistent: false }, look)
  closers.add('keys', async () => unwatchFile(file, look))
  return openTokenKeys({ ...secrets, signingKeys: () => signingKeys })
}

function isIn(known: readonly SigningSeed[]): (key: SigningSeed) => boolean {
  return (key) => known.some(({ seed }) => Buffer.compare(seed, key.seed) === 0)
}
