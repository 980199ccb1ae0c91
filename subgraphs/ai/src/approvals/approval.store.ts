import { sql } from 'kysely'
import type { Approval, ApprovalStatus } from '@passerelle/platform/approvals'
import { seenBy, toApproval, type ApprovalRow } from '@passerelle/platform/approvals/store'
import { cursorParts, type Page, type PageRequest, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'

/** Which approvals a list is of. */
export interface ApprovalFilter {
  statuses: readonly ApprovalStatus[] | null
  kinds: readonly string[] | null
  /** Only those that the viewer has proposed, and only those that wait for the viewer's decision. */
  mine: boolean
  decidable: boolean
}

/** Those that the viewer sees, by when they were proposed. */
export function listApprovals(
  database: Sql,
  viewer: Viewer,
  { filter, newestFirst, page }: { filter: ApprovalFilter; newestFirst: boolean; page: PageRequest },
): Promise<Page<Approval>> {
  const parts = [seenBy(viewer)]
  if (filter.statuses) parts.push(sql`status = any(${filter.statuses})`)
  if (filter.kinds) parts.push(sql`kind = any(${filter.kinds})`)
  if (filter.mine)
    parts.push(viewer.keyId ? sql`proposer_key_id = ${viewer.keyId}` : sql`proposer_id = ${viewer.userId}`)
  if (filter.decidable) parts.push(decidableBy(viewer))
  const list: List<ApprovalRow, Approval> = {
    from: sql.table('platform.approval'),
    where: sql`${sql.join(parts, sql` and `)}`,
    order: ['id'],
    descending: newestFirst,
    cursor: z.tuple([cursorParts.id('apr')]),
    toNode: toApproval,
  }
  return listRows({ database, viewer }, list, page)
}

/** What the rules of `findHindrance` leave, as a condition. */
function decidableBy({ userId, scopes }: Viewer) {
  if (!userId || !scopes.includes('approval:decide')) return sql<boolean>`false`
  return sql<boolean>`status = 'PENDING' and expires_at > now() and required_scopes <@ ${[...scopes]}::text[]
    and not (four_eyes and (proposer_id is not distinct from ${userId} or ${userId} = any(proposer_key_holders)))`
}
