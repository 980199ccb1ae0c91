import { parseArgs } from 'node:util'
import { installationChain } from '@passerelle/platform/audit'
import { findGuardFaults } from '@passerelle/platform/audit/guards'
import { listChains, verifyChain, type AuditVerdict } from '@passerelle/platform/audit/verify'
import type { Log } from '@passerelle/platform/log'
import type { Env } from '../env/env.ts'
import { Obstacle } from '../obstacle.ts'
import { withAudit, type AuditHouse } from './house.ts'

const USAGE = `Usage: passerelle audit verify [--organization ID]
       passerelle audit export --organization ID [--format csv|jsonl]`

/**
 * What the operator does with the audit logs, while the installation serves or not: `verify` looks at every entry of every chain, or of one, and at what keeps them from being
 * changed, and answers whether all are what was written and stay so; `export` prints one. Throws an `Obstacle` for other words.
 */
export async function runAudit(env: Env, log: Log, words: readonly string[]): Promise<boolean> {
  const { verb, organization, format } = readWords(words)
  return withAudit(env, log, async (house) => {
    if (verb === 'verify') return verify(house, organization)
    await print(house, organization ?? '', format)
    return true
  })
}

function readWords(words: readonly string[]): { verb: string; organization: string | undefined; format: string } {
  const options = { organization: { type: 'string' }, format: { type: 'string', default: 'jsonl' } } as const
  try {
    const { positionals, values } = parseArgs({ args: [...words], options, allowPositionals: true })
    const [verb = '', ...more] = positionals
    const known = verb === 'verify' || (verb === 'export' && values.organization !== undefined)
    if (known && more.length === 0) return { verb, organization: values.organization, format: values.format }
  } catch {
    // Falls through: whatever is wrong with the words, this is how they go.
  }
  throw new Obstacle(USAGE)
}

async function verify(house: AuditHouse, organization: string | undefined): Promise<boolean> {
  const chains = await listChains(house)
  if (organization !== undefined && !chains.includes(organization))
    throw new Obstacle(`${organization} has no audit log.`)
  let whole = true
  for (const chain of organization === undefined ? chains : [organization]) {
    const verdict = await verifyChain(house, chain)
    whole &&= verdict.fault === null
    console.log(toLine(verdict))
  }
  const faults = await findGuardFaults(house.sql)
  for (const { kind, table, message } of faults) console.log(`${table}: ${kind}: ${message}`)
  console.log(whole ? 'Every entry is what was written.' : 'The audit log is not what was written: see above.')
  if (faults.length > 0) console.log('It is not guarded against changes as it should be: see above.')
  return whole && faults.length === 0
}

function toLine({ organizationId, entries, head, fault, anchoredTo, lastAnchoredAt }: AuditVerdict): string {
  const name = organizationId === installationChain ? 'the installation' : organizationId
  const signed = lastAnchoredAt ? `signed to ${anchoredTo} on ${lastAnchoredAt.toISOString()}` : 'not signed yet'
  const said = fault ? `${fault.kind} at entry ${fault.position}: ${fault.message}` : `whole, head ${head}`
  return `${name}: ${entries} entries, ${signed}; ${said}`
}

async function print({ sql }: AuditHouse, organization: string, format: string): Promise<void> {
  // Loaded where it is needed: to verify takes no room's schema.
  const { openAuditExport } = await import('@passerelle/tenancy')
  const exported = openAuditExport(sql, organization, format.toUpperCase())
  if (!exported) throw new Obstacle(USAGE)
  for await (const text of exported.text) if (!process.stdout.write(text)) await drained()
}

function drained(): Promise<void> {
  return new Promise((resolve) => process.stdout.once('drain', () => resolve()))
}
