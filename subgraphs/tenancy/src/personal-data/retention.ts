import { audit } from '@passerelle/platform/audit'
import type { Job, Queue } from '@passerelle/platform/jobs'
import type { RetentionNoun } from '@passerelle/platform/privacy'
import { InvalidInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import {
  deleteRule,
  listOverdue,
  listRules,
  noteApplied,
  noteRemoved,
  saveRule,
  type RetentionRule,
} from './retention.store.ts'

/** Removes what an organisation keeps no longer, by its rules. */
export const retentionQueue: Queue<object> = {
  name: 'tenancy.retention',
  retries: 20,
  concurrency: 1,
  perOrganization: 1,
}

const dayMs = 24 * 3_600_000
const mostDays = 36_525
/** Removed in one transaction. */
const batch = 200

/** A kind of thing, with the organisation's rule for it when there is one. */
export interface Retention {
  noun: RetentionNoun
  rule: RetentionRule | null
}

/** Every kind of thing that may have a rule, in the order of the rooms. */
export async function listRetention(platform: Platform, viewer: Viewer): Promise<Retention[]> {
  const rules = await platform.sql.withOrganization(viewer, listRules)
  return nounsOf(platform).map((noun) => ({ noun, rule: rules.find((rule) => rule.noun === noun.noun) ?? null }))
}

/** How many would go by a rule of so many days, if it ran now. InvalidInput for what can have no rule, or not that short a one. */
export function previewRetention(
  platform: Platform,
  viewer: Viewer,
  { noun: name, days }: { noun: string; days: number },
): Promise<number> {
  const noun = requireNoun(platform, name)
  requireDays(noun, days)
  return platform.sql.withOrganization(viewer, (tx) => noun.count(tx, before(days)))
}

/** Gives a kind of thing a rule, or takes it away (null). It runs within the hour. InvalidInput for a rule that the law forbids. */
export async function setRetention(
  platform: Platform,
  viewer: Viewer,
  { noun: name, days }: { noun: string; days: number | null },
): Promise<Retention> {
  const noun = requireNoun(platform, name)
  if (days !== null) requireDays(noun, days)
  return platform.sql.withOrganization(viewer, async (tx) => {
    if (days === null) await deleteRule(tx, name)
    else await saveRule(tx, { noun: name, days, setBy: viewer.userId })
    audit(tx, { action: 'retention_rule.changed', detail: { noun: name, days } })
    return { noun, rule: (await listRules(tx)).find((rule) => rule.noun === name) ?? null }
  })
}

/** Asks for a round in every organisation whose rules have not run for a day. */
export async function askForRetention(
  { sql, jobs }: Pick<Platform, 'sql' | 'jobs'>,
  now: Date = new Date(),
): Promise<void> {
  for (const organizationId of await listOverdue(sql, new Date(now.getTime() - dayMs)))
    await sql.withOrganization({ organizationId }, (tx) => jobs.enqueue(tx, retentionQueue, {}, { key: 'retention' }))
}

/** Runs the rules of an organisation, a few things at a time; what a kill leaves is found by the next round. */
export async function applyRetention(
  platform: Platform,
  { organizationId, signal }: Pick<Job<object>, 'organizationId' | 'signal'>,
): Promise<void> {
  const { sql } = platform
  const rules = await sql.withOrganization({ organizationId }, listRules)
  for (const rule of rules) {
    const noun = nounsOf(platform).find((one) => one.noun === rule.noun)
    // A rule that was set before the law asked for longer waits for somebody to set it anew.
    if (!noun || rule.days < noun.legalMinimumDays) continue
    for (let count = batch; count >= batch;) {
      signal.throwIfAborted()
      count = await sql.withOrganization({ organizationId }, (tx) => removeSome(tx, noun, rule))
    }
    await sql.withOrganization({ organizationId }, (tx) => noteApplied(tx, rule.noun))
  }
}

/** Removes a few; that it did is written down with it, or a kill would leave nobody who knows where they went. */
async function removeSome(tx: Tx, noun: RetentionNoun, { days }: RetentionRule): Promise<number> {
  const removed = await noun.remove(tx, { before: before(days), most: batch })
  if (removed === 0) return 0
  await noteRemoved(tx, noun.noun, removed)
  audit(tx, { action: 'retention_rule.applied', detail: { noun: noun.noun, days, removed } })
  return removed
}

function nounsOf({ personalData }: Pick<Platform, 'personalData'>): RetentionNoun[] {
  return [...personalData.values()].flatMap((room) => room.retention ?? [])
}

function requireNoun(platform: Platform, name: string): RetentionNoun {
  const noun = nounsOf(platform).find((one) => one.noun === name)
  if (!noun) throw new InvalidInput('There is nothing of this kind that a rule could be for.', ['noun'])
  return noun
}

function requireDays({ legalMinimumDays }: RetentionNoun, days: number): void {
  if (!Number.isInteger(days) || days < 1 || days > mostDays)
    throw new InvalidInput(`A rule is for 1 to ${mostDays} days.`, ['days'])
  if (days < legalMinimumDays) throw new InvalidInput(`The law asks for ${legalMinimumDays} days at least.`, ['days'])
}

function before(days: number): Date {
  return new Date(Date.now() - days * dayMs)
}
