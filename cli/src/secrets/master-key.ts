import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LockLost, replaceFile, syncFolder, whileLocked } from '@passerelle/platform/privacy/kept-file'
import { EngineUnavailable } from '@passerelle/platform/schema'
import { MasterKeyMissing, type MasterKey, type Sealing } from '@passerelle/platform/sealing'
import { newMasterKey, openLocalMasterKey, readMasterKeys } from '@passerelle/platform/sealing/local'
import { openVaultMasterKey } from '@passerelle/platform/sealing/vault'
import type { Log } from '@passerelle/platform/log'
import type { Sql } from '@passerelle/platform/sql'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'

type Place = Pick<Env, 'masterKey' | 'secretsFile' | 'dataFolder'>

/** Where the master key of this installation is when no setting names another: beside its secrets, and never in a backup. */
export function masterKeyFile({ secretsFile, dataFolder }: Place): string {
  return join(secretsFile ? dirname(secretsFile) : dataFolder, 'master.key')
}

/**
 * The master key that the settings name, or that of the file, which is made where nothing has been sealed yet. Throws an `Obstacle` when it is lost: a
 * new one would open nothing.
 */
export async function openMasterKey(env: Place, sql: Pick<Sql, 'query'>): Promise<MasterKey> {
  if (env.masterKey && 'vault' in env.masterKey) return openVaultMasterKey(env.masterKey.vault)
  if (env.masterKey) return openLocalMasterKey(env.masterKey.keys)
  const file = masterKeyFile(env)
  const reload = async (): Promise<Uint8Array[]> => (await readMasterKeyFile(file)) ?? []
  const found = await readMasterKeyFile(file)
  if (found) return openLocalMasterKey(found, reload)
  const needed = await sql.query('select 1 from platform.master_keys() limit 1')
  if (needed.length > 0) throw new Obstacle(lost(env))
  await makeMasterKeyFile(file)
  const made = await readMasterKeyFile(file)
  if (!made) throw new Obstacle(`${file} could not be made.`)
  return openLocalMasterKey(made, reload)
}

/** Throws an `Obstacle` when what is sealed in the database needs a master key that is not here. A key server that is away is waited for. */
export async function requireMasterKey(env: Place, { sealing, log }: { sealing: Sealing; log: Log }): Promise<void> {
  try {
    await sealing.health()
  } catch (error) {
    if (error instanceof MasterKeyMissing) throw new Obstacle(`${lost(env)} (Needed: ${error.ids.join(', ')}.)`)
    if (!(error instanceof EngineUnavailable)) throw error
    log.error({ err: error }, 'the key server does not answer: what is personal can be neither read nor written')
  }
}

/** The keys of the file; undefined when there is none. Throws an `Obstacle` for one that is damaged. */
export async function readMasterKeyFile(file: string): Promise<Uint8Array[] | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Obstacle(`${file} cannot be read (${error.code}).`)
  })
  if (text === undefined) return undefined
  const keys = readMasterKeys(text)
  if (!keys) throw new Obstacle(`${file} is damaged: put the master key back that you keep elsewhere.`)
  return keys
}

/**
 * Puts a new key before those of the file and runs `work`, while nobody else does: what another would put there with what it read before would be without this one,
 * and by then rows are wrapped with it. Another waits. The key is on disk before `work` begins: a kill leaves two keys, of which each opens what it wrapped.
 * Throws an `Obstacle` for a file that is not there, or cannot be changed here.
 */
export async function whileMasterKeyChanges<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!(await readMasterKeyFile(file)))
    throw new Obstacle(`${file} is not there: put it back from where you keep it; it is in no backup.`)
  return whileLocked(file, async (held) => {
    const keys = (await readMasterKeyFile(file)) ?? []
    const lines = [newMasterKey(), ...keys.map((key) => Buffer.from(key).toString('base64url'))]
    await held()
    await replaceFile(file, lines.map((line) => `${line}\n`).join(''))
    const result = await work()
    await held()
    return result
  }).catch((error: NodeJS.ErrnoException) => {
    if (error instanceof LockLost) throw new Obstacle(`${error.message} Nothing is lost.`)
    if (!['EROFS', 'EACCES', 'EPERM'].includes(error.code ?? '')) throw error
    throw new Obstacle(`${file} cannot be changed here (${error.code}): do it where the file is kept.`)
  })
}

/** Made whole or not at all; one that another process makes at the same moment is left alone. */
async function makeMasterKeyFile(file: string): Promise<void> {
  const beside = `${file}.${process.pid}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const handle = await open(beside, 'wx', 0o600)
    await handle.writeFile(`${newMasterKey()}\n`)
    await handle.sync()
    await handle.close()
    // Unlike a rename, a link never takes the place of a file that is there.
    await link(beside, file)
    await syncFolder(file)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST')
      throw new Obstacle(
        `${file} cannot be made (${code}): name a master key with PASSERELLE_MASTER_KEY or PASSERELLE_MASTER_KEY_URL.`,
      )
  } finally {
    await rm(beside, { force: true })
  }
}

function lost(env: Place): string {
  const place = env.masterKey
    ? 'The master key that the settings name is not the one'
    : `${masterKeyFile(env)} is not there, or not the one`
  return `${place} that protects the personal data in this database: they cannot be opened without it. Put it back from where you keep it; it is in no backup.`
}
