import { timingSafeEqual } from 'node:crypto'
import { createToken, hashToken } from '../sessions/token.ts'

/** What a workflow shows to report on one run, and on nothing else. It says whose run it is, so that the run can be found. */
export function createRunKey(organizationId: string, runId: string): { key: string; hash: string } {
  const key = `${organizationId}.${runId}.${createToken().token}`
  return { key, hash: hashToken(key) }
}

/** The run that a key says it is of; null for what is no key. */
export function readRunKey(key: string): { organizationId: string; runId: string } | null {
  const [, organizationId, runId] = /^(org_[0-9a-f]{32})\.(wfr_[0-9a-f]{32})\.[\w-]{20,100}$/.exec(key) ?? []
  return organizationId && runId ? { organizationId, runId } : null
}

/** Whether the key is the one that was made for the run. */
export function isKeyOf({ keyHash }: { keyHash: string }, key: string): boolean {
  const [shown, right] = [Buffer.from(hashToken(key)), Buffer.from(keyHash)]
  return shown.length === right.length && timingSafeEqual(shown, right)
}
