import { audit } from '@passerelle/platform/audit'
import { createMatcher, type Holding, type Matcher, type SubjectRequest } from '@passerelle/platform/privacy'
import { readRow, sealRow, type SealedTable } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { secretsOf, type Secrets } from '../secrets.ts'
import { pause } from '../webhooks/webhook.pause.ts'

interface Outward {
  name: 'tenancy.webhook' | 'tenancy.workflow_endpoint'
  /** Has nothing more sent to an address that is another now. */
  stop(tx: Tx, id: string): Promise<void>
}

const outward: readonly Outward[] = [
  { name: 'tenancy.webhook', stop: (tx, id) => pause(tx, { id }, 'ADDRESS_ERASED') },
  {
    name: 'tenancy.workflow_endpoint',
    stop: async (tx, id) => {
      await rowsOf(tx, 'update tenancy.workflow_endpoint set active = false where id = $1', [id])
      audit(tx, {
        action: 'workflow_endpoint.updated',
        subject: { kind: 'WorkflowEndpoint', id },
        detail: { active: false },
      })
    },
  },
]

/** The webhooks and workflows whose address names the person. */
export async function findInAddresses(platform: Platform, request: SubjectRequest): Promise<Holding[]> {
  const { organizationId, subject } = request
  const secrets = await secretsOf(platform, organizationId)
  const matcher = createMatcher(subject)
  const holdings = await platform.sql.withOrganization({ organizationId }, async (tx) => {
    const found: Holding[] = []
    for (const { name } of outward) {
      const rows = await namingRows(tx, { name, secrets, matcher, hold: false })
      found.push({ store: `${name}_url`, ids: rows.map(({ id }) => id) })
    }
    return found
  })
  return holdings.filter(({ ids }) => ids.length > 0)
}

/**
 * Covers the person in the addresses of webhooks and workflows, and stops these: what was sent there leads elsewhere now, and somebody has to give them another address. In a transaction
 * of its own: a webhook is held before its messages, as wherever one is paused.
 */
export async function maskInAddresses(platform: Platform, { organizationId, subject }: SubjectRequest): Promise<void> {
  const secrets = await secretsOf(platform, organizationId)
  const matcher = createMatcher(subject)
  await platform.sql.withOrganization({ organizationId }, async (tx) => {
    for (const { name, stop } of outward)
      for (const { id, url } of await namingRows(tx, { name, secrets, matcher, hold: true })) {
        const sealed = sealRow(secrets, toSealed(name), { id, url: maskAddress(url, matcher) })
        await rowsOf(tx, `update ${name} set url = $2 where id = $1`, [id, sealed.url])
        await stop(tx, id)
      }
  })
}

interface Looked {
  name: Outward['name']
  secrets: Secrets
  matcher: Matcher
  hold: boolean
}

/** Every address is opened: an organisation has some dozens. */
async function namingRows(tx: Tx, { name, secrets, matcher, hold }: Looked): Promise<{ id: string; url: string }[]> {
  if (matcher.isEmpty) return []
  const text = `select id, url from ${name} order by id ${hold ? 'for no key update' : ''}`
  const rows = await rowsOf<{ id: string; url: string }>(tx, text, [])
  return rows.map((row) => readRow(secrets, toSealed(name), row)).filter(({ url }) => namesInAddress(url, matcher))
}

function toSealed(name: string): SealedTable {
  return { name, row: 'id', columns: ['url'] }
}

/** As it is written, and as it is read: `zoe%40exemple.fr`. */
function namesInAddress(url: string, matcher: Matcher): boolean {
  return matcher.finds(url) || matcher.finds(decode(url))
}

/** The address with the person covered, still an address; where the host itself names them, one that leads nowhere (RFC 2606). */
function maskAddress(url: string, matcher: Matcher): string {
  const { origin } = URL.canParse(url) ? new URL(url) : { origin: '' }
  if (!origin || namesInAddress(origin, matcher)) return 'https://erased.invalid/'
  const masked = origin + matcher.mask(decode(url.slice(origin.length)))
  return namesInAddress(masked, matcher) ? `${origin}/█` : masked
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
