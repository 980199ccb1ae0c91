import type { Log } from '@passerelle/platform/log'
import type { EngineUnavailable } from '@passerelle/platform/schema'
import { openLocalMasterKey } from '@passerelle/platform/sealing/local'
import { openVaultMasterKey } from '@passerelle/platform/sealing/vault'
import { openSql, type SqlConnection } from '@passerelle/platform/sql'
import { hasEmbedded, withEmbedded } from '../database/owner.ts'
import { describeCause, type Finding } from './finding.ts'
import type { Env } from '../env/env.ts'
import { masterKeyFile, readMasterKeyFile } from '../secrets/master-key.ts'

/** Whether what is sealed in the database can be opened here. */
export function sealingFinding(env: Env, log: Log): Finding {
  return ['Master key', () => describeSealing(env, log)]
}

async function describeSealing(env: Env, log: Log): Promise<string> {
  const needed = await findNeeded(env, log)
  if (env.masterKey && 'vault' in env.masterKey) {
    const { host } = new URL(env.masterKey.vault.url)
    const key = openVaultMasterKey(env.masterKey.vault)
    await key.health().catch((error: EngineUnavailable) => {
      throw new Error(
        `the key server at ${host} cannot be used: ${describeCause(error)}. Look at PASSERELLE_MASTER_KEY_URL and PASSERELLE_MASTER_KEY_TOKEN`,
      )
    })
    return requireHeld(needed, key, `a key of the server at ${host}`)
  }
  const file = masterKeyFile(env)
  const keys = env.masterKey ? env.masterKey.keys : await readMasterKeyFile(file)
  if (keys) return requireHeld(needed, openLocalMasterKey(keys), env.masterKey ? 'PASSERELLE_MASTER_KEY' : file)
  if (needed.length === 0) return 'not made yet; the first start makes it'
  throw new Error(
    `${file} is not there, and personal data cannot be opened without it: put it back from where you keep it`,
  )
}

function requireHeld(needed: readonly string[], key: { holds(id: string): boolean }, place: string): string {
  const missing = needed.filter((id) => !key.holds(id))
  if (missing.length > 0)
    throw new Error(`${place} is not the one that personal data was sealed with (${missing.join(', ')}): put that back`)
  return `${place} opens what is sealed; no backup has it, so keep a copy elsewhere`
}

/** The master keys that the database needs; none where it was not made yet, or cannot be asked: that is said of itself. */
async function findNeeded(env: Env, log: Log): Promise<string[]> {
  const ask = async (app: SqlConnection): Promise<string[]> => {
    const sql = openSql(app, { max: 1 })
    try {
      const rows = await sql.query<{ master: string }>('select distinct master from platform.master_keys()')
      return rows.map(({ master }) => master)
    } catch {
      return []
    } finally {
      await sql.close()
    }
  }
  if (env.sql) return ask(env.sql.app)
  return hasEmbedded(env) ? withEmbedded(env, log, (owner) => ask({ ...owner, user: 'passerelle_app' })) : []
}
