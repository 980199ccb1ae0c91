import type { KeptMail } from '@passerelle/platform/mail'
import type { Page, PageRequest, Viewer } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { addressesOf, addressKey } from '../personal-data/personal-data.addresses.ts'
import { listClosedAddresses } from './mail.policy.ts'

/**
 * The messages of the viewer's organisation, newest first. A message may hold a link to choose somebody's password, or to join: it is read by nobody who may
 * do less than its reader, and by nobody when its reader belongs to other organisations too, which the link would open as well.
 */
export async function listMails(
  { mail, sql, sealing }: Pick<Platform, 'mail' | 'sql' | 'sealing'>,
  viewer: Viewer,
  page: PageRequest,
): Promise<Page<KeptMail>> {
  const found = await mail.kept(viewer, page)
  const addresses = await addressesOf({ sealing })
  const keys = new Map(found.nodes.map(({ id, to }) => [id, addressKey(addresses, to)]))
  const closed = await sql.withOrganization(viewer, (tx) => listClosedAddresses(tx, viewer, [...keys.values()]))
  const hide = (each: KeptMail): KeptMail => (closed.has(keys.get(each.id) ?? '') ? { ...each, text: null } : each)
  return { ...found, nodes: found.nodes.map(hide) }
}
