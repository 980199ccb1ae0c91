import { audit, installationChain } from '@passerelle/platform/audit'
import { firstSeed, openTokenKeys, type SigningSeed } from '@passerelle/platform/identity'
import type { Log } from '@passerelle/platform/log'
import { withAudit } from '../audit/house.ts'
import { hasEmbedded } from '../database/owner.ts'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'
import { createKey, readSecrets, secretsFile, writeSecrets, type KeptSecrets } from './secrets.ts'

/** A new key signs this much later: by then every process knows it, also those that have to be started anew for it. */
const leadMs = 10 * 60_000
/** A key that has been followed by another verifies for this long: longer than the tokens that it signed live. */
const lastMs = 20 * 60_000

type Kept = NonNullable<KeptSecrets['signingKeys']>[number]

/**
 * What the operator does with the keys of access tokens: `list` says which there are, `rotate` adds one that signs in ten minutes and takes those away
 * that nothing is signed with any more, `replace` takes all others away at once, after which every client renews its token. Nobody is logged out by any. Throws an
 * `Obstacle` for another word, where there are no secrets, and where they cannot be written.
 */
export async function changeKeys(env: Env, log: Log, what: string): Promise<void> {
  const file = secretsFile(env)
  const found = await readSecrets(file)
  if (!found) throw new Obstacle(`${file} is not there: the installation has no secrets yet.`)
  const change = new Map(Object.entries(CHANGES)).get(what)
  if (!change) throw new Obstacle(`“${what}” is nothing to do with keys: say list, rotate or replace.`)
  const old = found.signingKeys ?? [toKept(firstSeed(Buffer.from(found.tokenKey, 'base64url')))]
  const signingKeys = change(old, Date.now())
  if (signingKeys !== old) {
    await write(file, { ...found, signingKeys })
    await note(env, log, what)
  }
  for (const line of describe(signingKeys, found)) console.log(line)
}

/** Records the change with what concerns the installation. It is made whether or not the database can be reached from here. */
async function note(env: Env, log: Log, what: string): Promise<void> {
  if (!env.sql && !hasEmbedded(env)) return
  const event = { action: `signing_keys.${what}d` }
  await withAudit(env, log, ({ sql }) =>
    sql.withOrganization({ organizationId: installationChain }, async (tx) => audit(tx, event)),
  ).catch((error: unknown) => log.warn({ err: error }, 'the change of keys was not recorded'))
}

const CHANGES: Record<string, (keys: Kept[], now: number) => Kept[]> = {
  list: (keys) => keys,
  rotate(keys, now) {
    const stillUsed = keys.filter((key) => {
      const followed = keys.some(({ signsFrom }) => signsFrom > key.signsFrom && Date.parse(signsFrom) + lastMs < now)
      return !followed
    })
    return [{ seed: createKey(), signsFrom: new Date(now + leadMs).toISOString() }, ...stillUsed]
  },
  replace: (_keys, now) => [{ seed: createKey(), signsFrom: new Date(now).toISOString() }],
}

function toKept({ seed, signsFrom }: SigningSeed): Kept {
  return { seed: Buffer.from(seed).toString('base64url'), signsFrom: signsFrom.toISOString() }
}

async function write(file: string, secrets: KeptSecrets): Promise<void> {
  await writeSecrets(file, secrets).catch((error: NodeJS.ErrnoException) => {
    if (!['EROFS', 'EACCES', 'EPERM'].includes(error.code ?? '')) throw error
    throw new Obstacle(
      `${file} cannot be written here (${error.code}): rotate the keys where the file is kept, and start the processes anew, one after the other.`,
    )
  })
}

function describe(keys: readonly Kept[], { tokenKey, fileKey }: KeptSecrets): string[] {
  const toBytes = (text: string): Uint8Array => Buffer.from(text, 'base64url')
  const seeds = keys.map(({ seed, signsFrom }) => ({ seed: toBytes(seed), signsFrom: new Date(signsFrom) }))
  const { keys: names } = openTokenKeys({
    tokenKey: toBytes(tokenKey),
    fileKey: toBytes(fileKey),
    signingKeys: () => seeds,
  }).publicKeys()
  const now = Date.now()
  const newest = Math.max(...seeds.map(({ signsFrom }) => signsFrom.getTime()).filter((time) => time <= now))
  return names.map(({ kid }, index) => {
    const from = seeds[index]?.signsFrom.getTime() ?? 0
    if (from > now) return `${kid}  signs from ${new Date(from).toISOString()} on`
    return `${kid}  ${from === newest ? 'signs' : 'verifies what it signed'}`
  })
}
