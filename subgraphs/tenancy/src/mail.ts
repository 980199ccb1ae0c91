import type { KeptMail } from '@passerelle/platform/mail'
import type { Page, PageRequest, Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { listOwnerAddresses } from './member.store.ts'

/**
 * The messages of the viewer's organisation, newest first. What is written to an owner only owners read: a link to choose an owner's password would
 * make an owner of whoever reads it.
 */
export async function listMails(
  { mail, sql }: Pick<Platform, 'mail' | 'sql'>,
  viewer: Viewer,
  page: PageRequest,
): Promise<Page<KeptMail>> {
  const found = await mail.kept(viewer, page)
  if (viewer.roles.includes('OWNER')) return found
  const owners = new Set(await sql.withOrganization(viewer, listOwnerAddresses))
  const hide = (each: KeptMail): KeptMail => (owners.has(each.to.toLowerCase()) ? { ...each, text: null } : each)
  return { ...found, nodes: found.nodes.map(hide) }
}
