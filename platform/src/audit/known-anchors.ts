import { rowsOf, type Sql } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import { markOfKept, readMark, type Anchor, type KeptAnchor } from './anchor.ts'
import type { AuditFault } from './verify.ts'

interface KnownAnchors {
  /** All that are ours, in their order. */
  anchors: Anchor[]
  /** Those of them that hold. */
  holding: Anchor[]
  /** How far the database says that the chain was signed, by whomever. */
  signedTo: number
  /** The first that is not ours. */
  fault: AuditFault | null
}

/**
 * What was signed of a chain, outside the database and in its copy there: one alone would do, so that whoever takes an anchor away has to take both. An
 * anchor that was signed beyond the state which a restore put back, before it did, holds no longer.
 */
export async function loadAnchors(
  { sql, blobs, keys }: Pick<Platform, 'sql' | 'blobs' | 'keys'>,
  organizationId: string,
): Promise<KnownAnchors> {
  const kept = await loadKept(sql, organizationId)
  const marks = new Set(await blobs.marks(organizationId))
  let fault: AuditFault | null = null
  for (const row of kept) {
    const mark = markOfKept(keys, organizationId, row)
    // One of another secret came with a backup, whose secrets are not here: nothing can be said of it.
    if (mark === 'otherKey') continue
    if (mark) marks.add(mark)
    else fault ??= seal(row.position, `The anchor of entry ${row.position} in the database is not what was written.`)
  }
  const anchors: Anchor[] = []
  for (const mark of [...marks].toSorted()) {
    const anchor = readMark(keys, organizationId, mark)
    if (anchor && anchor !== 'otherKey') {
      anchors.push(anchor)
      continue
    }
    const why = anchor
      ? 'was made with another secret than this installation has'
      : 'is not one that this installation made'
    fault ??= seal(Number(mark.slice(0, 12)) || 0, `The anchor ${mark} ${why}.`)
  }
  const restores = anchors.filter(({ kind }) => kind === 'RESTORE')
  const holds = ({ position, signedAt }: Anchor): boolean =>
    !restores.some((restore) => restore.signedAt > signedAt && restore.position <= position)
  return { anchors, holding: anchors.filter(holds), signedTo: kept.at(-1)?.position ?? 0, fault }
}

/**
 * Tells the anchors of entries that restores took away for good: each restore begins a branch of its own, and who puts back what was there before an earlier restore returns to the
 * branch of then. That it was so is proven by what the chain has, `matching`: the seal of the later restore, and one of before the earlier restore, from where that one began
 * or beyond.
 */
export function createTakenAway(all: readonly Anchor[], matching: readonly Anchor[]): (anchor: Anchor) => boolean {
  const isRestore = ({ kind }: Anchor): boolean => kind === 'RESTORE'
  const [begun, put] = [all.filter(isRestore), matching.filter(isRestore)]
  const returned = put.flatMap((to) =>
    begun
      .filter((from) =>
        matching.some((is) => is.signedAt < from.signedAt && is.position >= from.position && is.position < to.position),
      )
      .map((from) => ({ from, to })),
  )
  return ({ position, signedAt }) =>
    returned.some(({ from, to }) => signedAt >= from.signedAt && signedAt < to.signedAt && position < to.position)
}

/** An anchor that says more than there is would keep the chain from being signed again. */
export function findBeyond({ signedTo }: KnownAnchors, last: number): AuditFault | null {
  if (signedTo <= last) return null
  return seal(signedTo, `The database says that entry ${signedTo} was signed, and there is no such entry.`)
}

function seal(position: number, message: string): AuditFault {
  return { kind: 'SEAL', position, message }
}

function loadKept(sql: Sql, organizationId: string): Promise<KeptAnchor[]> {
  return sql.withOrganization({ organizationId }, (tx) =>
    rowsOf<KeptAnchor>(
      tx,
      `select position, hash, signed_at, key_id, signature from platform.audit_anchor
       where organization_id = $1 order by position`,
      [organizationId],
    ),
  )
}
