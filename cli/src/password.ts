import type { Log } from '@passerelle/platform/log'
import { openSealing } from '@passerelle/platform/sealing'
import { createResetLink } from '@passerelle/tenancy'
import { withApp } from './database/owner.ts'
import type { Env } from './env/env.ts'
import { openMasterKey } from './secrets/master-key.ts'
import { Obstacle } from './obstacle.ts'

/**
 * Prints a link with which the person of an address chooses a new password: for an installation without a mail server, whose only owner has forgotten theirs.
 * It replaces an earlier link and is good for one use. Throws an `Obstacle` for an address that nobody logs in with.
 */
export function printResetLink(env: Env, log: Log, address: string): Promise<void> {
  return withApp(env, log, async ({ sql }) => {
    const sealing = openSealing({ sql, master: await openMasterKey(env, sql) })
    const link = await createResetLink({ sql, sealing }, address)
    if (!link) throw new Obstacle(`Nobody logs in with ${address}.`)
    console.log(`${link.url}\n\nGood for one use within ${link.minutes} minutes: give it to nobody but its person.`)
  })
}
