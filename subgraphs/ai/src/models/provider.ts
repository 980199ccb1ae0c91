import { audit } from '@passerelle/platform/audit'
import { newId } from '@passerelle/platform/ids'
import type { ProviderName, ServerState } from '@passerelle/platform/models'
import { InvalidInput, NotFound, type Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { findConsent, insertConsent, withdrawConsents } from './provider.store.ts'

/** A server of models as an organisation sees it. */
export interface Provider extends ServerState {
  /** null for a server that the organisation has not allowed, and for one in the house, which needs nobody's leave. */
  consent: Consent | null
}

/** Who let the organisation's words go to a server outside the house, and when. */
export interface Consent {
  givenBy: string | null
  givenAt: Date
}

/** Every configured server, in the order in which they are asked. */
export function listProviders({ models, sql }: Platform, viewer: Viewer): Promise<Provider[]> {
  return sql.withOrganization(viewer, (tx) =>
    Promise.all(
      models.servers().map(async (server) => ({
        ...server,
        consent: server.outside ? await findConsent(tx, server) : null,
      })),
    ),
  )
}

/** Lets the organisation's words go to a server outside the house; that it may already, changes nothing. */
export async function allowProvider(platform: Platform, viewer: Viewer, name: string): Promise<Provider> {
  const server = requireOutside(platform, name)
  const { organizationId, userId } = viewer
  await platform.sql.withOrganization(viewer, async (tx) => {
    await insertConsent(tx, { id: newId('pco'), organizationId, givenBy: userId, ...server })
    audit(tx, { action: 'model_provider.consented', subject: { kind: 'ModelProvider', id: server.name } })
  })
  return changed(platform, viewer, server.name)
}

/** From the answer on, nothing of the organisation's goes there any more; a call that has begun to be answered is let end. */
export async function withdrawProvider(platform: Platform, viewer: Viewer, name: string): Promise<Provider> {
  const server = requireOutside(platform, name)
  await platform.sql.withOrganization(viewer, async (tx) => {
    await withdrawConsents(tx, server.name, viewer.userId)
    audit(tx, { action: 'model_provider.withdrawn', subject: { kind: 'ModelProvider', id: server.name } })
  })
  return changed(platform, viewer, server.name)
}

async function changed(platform: Platform, viewer: Viewer, name: ProviderName): Promise<Provider> {
  platform.models.policyChanged(viewer.organizationId)
  platform.log.info({ organizationId: viewer.organizationId, userId: viewer.userId, name }, 'Consent has changed.')
  const found = (await listProviders(platform, viewer)).find((provider) => provider.name === name)
  if (!found) throw new NotFound('There is no such server.')
  return found
}

function requireOutside({ models }: Platform, name: string): ServerState {
  const server = models.servers().find((candidate) => candidate.name === name)
  if (!server) throw new NotFound('There is no such server.')
  if (!server.outside) throw new InvalidInput('This server is in the house: it needs nobody’s leave.', ['name'])
  return server
}
