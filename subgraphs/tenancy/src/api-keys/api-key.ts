import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { endedApiKeyKey, endedRememberedSeconds, tellAccessEnded, tellScopesNow } from '@passerelle/platform/identity'
import { openApiKeys, tellApiKeyChanged } from '@passerelle/platform/identity/api-keys'
import { toNetwork } from '@passerelle/platform/identity/networks'
import { newId } from '@passerelle/platform/ids'
import { requiredLine } from '@passerelle/platform/records'
import {
  EngineUnavailable,
  InvalidInput,
  NotFound,
  keyScopes,
  parseInput,
  type KeyKind,
  type Viewer,
} from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { findApiKey, holdApiKey, insertApiKey, replaceHash, updateApiKey, type ApiKey } from './api-key.store.ts'

/** A key whose secret has just been made: the only time that anybody sees it. */
export interface NewApiKey {
  apiKey: ApiKey
  token: string
}

type Person = Viewer & { userId: string }

const dayMs = 86_400_000
const usualDays = 365
const mostDays = 730
const mostNetworks = 50

const newKey = z.object({
  name: requiredLine('A name', 80),
  kind: z.enum(['INTERNAL', 'PARTNER']),
  scopes: z.array(z.string()).min(1, 'A key has at least one scope.'),
  networks: z
    .array(
      z.string().transform((text, context) => {
        const network = toNetwork(text)
        if (network === null) context.addIssue({ code: 'custom', message: 'A network is written as 203.0.113.0/24.' })
        return network ?? z.NEVER
      }),
    )
    .max(mostNetworks, `A key has at most ${mostNetworks} networks.`)
    .nullish(),
  expiresAt: z.date().nullish(),
})

/** What a key of this kind may be given by this viewer: no more than they hold themselves. */
export function grantableScopes({ scopes }: Viewer, kind: KeyKind): string[] {
  return keyScopes[kind].filter((scope) => scopes.includes(scope))
}

/** Makes a key. InvalidInput names the field that cannot be, `scopes.<n>` for a scope that the maker cannot give. */
export async function createApiKey(
  platform: Platform,
  viewer: Person,
  input: z.input<typeof newKey>,
): Promise<NewApiKey> {
  const { name, kind, scopes, networks, expiresAt } = parseInput(newKey, input)
  requireGrantable(viewer, kind, scopes)
  const id = newId('key')
  const { token, hash } = openApiKeys(platform.keys).create(id)
  const apiKey = await platform.sql.withOrganization(viewer, async (tx) => {
    await insertApiKey(tx, {
      id,
      organization_id: viewer.organizationId,
      name,
      kind,
      scopes: [...new Set(scopes)],
      networks: [...new Set(networks ?? [])],
      maker_id: viewer.userId,
      hash,
      expires_at: requireExpiry(expiresAt ?? null),
    })
    publish(tx, { type: 'api_key.created', payload: { apiKeyId: id, kind } })
    audit(tx, { action: 'api_key.created', subject: { kind: 'ApiKey', id }, detail: { kind, scopes } })
    return requireKey(await findApiKey(tx, id))
  })
  return { apiKey, token }
}

/**
 * Gives the key another secret; the one until now holds for so many days more, none with 0. Whoever rotates a key answers for it from now on: it
 * can do what they can. InvalidInput for a key that is over.
 */
export async function rotateApiKey(
  platform: Platform,
  viewer: Person,
  { id, graceDays }: { id: string; graceDays: number },
): Promise<NewApiKey> {
  if (!Number.isInteger(graceDays) || graceDays < 0 || graceDays > 7)
    throw new InvalidInput('The secret until now holds for 0 to 7 days more.', ['graceDays'])
  const { token, hash } = openApiKeys(platform.keys).create(id)
  const apiKey = await platform.sql.withOrganization(viewer, async (tx) => {
    const key = requireKey(await holdApiKey(tx, id))
    requireOpen(key)
    const previousValidUntil = graceDays > 0 ? new Date(Date.now() + graceDays * dayMs) : null
    await replaceHash(tx, id, { hash, makerId: viewer.userId, previousValidUntil })
    publish(tx, { type: 'api_key.rotated', payload: { apiKeyId: id, graceDays } })
    audit(tx, {
      action: 'api_key.rotated',
      subject: { kind: 'ApiKey', id },
      detail: { graceDays, answeredBy: key.makerId },
    })
    return requireKey(await findApiKey(tx, id))
  })
  await boundApiKeys(platform, { organizationId: viewer.organizationId, ids: [id], scopes: viewer.scopes })
  // One whose maker had left holds again.
  await unlessAway(platform.coordination.memory.remove(viewer.organizationId, endedApiKeyKey(id)))
  return { apiKey, token }
}

/** Ends the key, now and for good, with the connections it has open. One that was ended before stays as it is. */
export async function revokeApiKey(platform: Platform, viewer: Viewer, id: string): Promise<ApiKey> {
  const apiKey = await platform.sql.withOrganization(viewer, async (tx) => {
    const key = requireKey(await holdApiKey(tx, id))
    if (key.state === 'REVOKED') return key
    await revokeRow(tx, viewer, id)
    return requireKey(await findApiKey(tx, id))
  })
  await endApiKeys(platform, viewer.organizationId, [id])
  return apiKey
}

/** Has the links that these keys made refused, and processes forget what they know of them. */
export async function endApiKeys(platform: Platform, organizationId: string, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await unlessAway(platform.coordination.memory.set(organizationId, endedApiKeyKey(id), '1', endedRememberedSeconds))
    await tellChanged(platform, organizationId, id)
  }
}

/** Has processes forget what these keys could do, and links that they made go by what whoever answers for them may do now. */
export async function boundApiKeys(
  platform: Platform,
  { organizationId, ids, scopes }: { organizationId: string; ids: readonly string[]; scopes: readonly string[] },
): Promise<void> {
  await unlessAway(tellScopesNow(platform.coordination, { organizationId, holders: ids, scopes }))
  for (const id of ids) await tellChanged(platform, organizationId, id)
}

async function revokeRow(tx: Tx, viewer: Viewer, id: string): Promise<void> {
  await updateApiKey(tx, id, {
    revoked_at: new Date(),
    revoked_by: viewer.userId,
    previous_hash: null,
    previous_valid_until: null,
  })
  publish(tx, { type: 'api_key.revoked', payload: { apiKeyId: id } })
  audit(tx, { action: 'api_key.revoked', subject: { kind: 'ApiKey', id } })
}

/** Where nobody can be told, what processes remember of a key is over in seconds by itself. */
async function tellChanged({ coordination }: Platform, organizationId: string, id: string): Promise<void> {
  await unlessAway(tellApiKeyChanged(coordination, { id, change: newId('chg') }))
  await tellAccessEnded(coordination, organizationId)
}

function unlessAway(telling: Promise<void>): Promise<void> {
  return telling.catch((error: unknown) => {
    if (!(error instanceof EngineUnavailable)) throw error
  })
}

function requireGrantable(viewer: Viewer, kind: KeyKind, scopes: readonly string[]): void {
  const grantable = grantableScopes(viewer, kind)
  const at = scopes.findIndex((scope) => !grantable.includes(scope))
  if (at >= 0)
    throw new InvalidInput('A key can do no more than its kind and whoever makes it.', ['scopes', String(at)])
}

function requireExpiry(wanted: Date | null): Date {
  const expiresAt = wanted ?? new Date(Date.now() + usualDays * dayMs)
  const life = expiresAt.getTime() - Date.now()
  if (life <= 0) throw new InvalidInput('A key ends in the future.', ['expiresAt'])
  // Whoever picks the last day means all of it.
  if (life > (mostDays + 1) * dayMs) throw new InvalidInput('A key lives for two years at most.', ['expiresAt'])
  return expiresAt
}

function requireOpen({ state }: ApiKey): void {
  if (state === 'REVOKED' || state === 'EXPIRED') throw new InvalidInput('This key is over: make another one.', ['id'])
}

function requireKey(key: ApiKey | null): ApiKey {
  if (!key) throw new NotFound()
  return key
}
