import { rowsOf, type Sql } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import type { Anchor } from './anchor.ts'
import { chainStart, continueChain } from './chain.ts'
import { isDamage, readEntries, type StoredEntry } from './entries.ts'
import { createTakenAway, findBeyond, loadAnchors } from './known-anchors.ts'

/**
 * What is wrong with a chain. CHANGED: an entry is not what was written, or not where it was. MISSING: entries are not there any more. TRUNCATED: the end is gone.
 * FORGED: the chain is whole and is not the one that was signed. SEAL: an anchor outside the database is not ours.
 */
export type AuditFaultKind = 'CHANGED' | 'MISSING' | 'TRUNCATED' | 'FORGED' | 'SEAL'

export interface AuditFault {
  kind: AuditFaultKind
  /** The first entry that is not as it was; of a forged chain the first that may not be. */
  position: number
  /** One sentence in English. */
  message: string
}

/** What became of looking at one chain. */
export interface AuditVerdict {
  organizationId: string
  /** How many entries there are. */
  entries: number
  /** The hash of the last one, hex: the whole chain in one line, for whoever wants to keep it elsewhere. */
  head: string
  /** The first that was found; null when every entry is what was written. */
  fault: AuditFault | null
  /** How many times the chain was signed, and up to which entry: what came later is held by the chain alone. */
  anchors: number
  anchoredTo: number
  lastAnchoredAt: Date | null
}

type Verifying = Pick<Platform, 'sql' | 'blobs' | 'keys'>

/**
 * Looks at every entry of an organisation's chain, from the first to the last, and at every anchor outside the database. Reads as a stream: memory does not grow with
 * the chain, and whoever writes meanwhile is not kept waiting.
 */
export async function verifyChain(platform: Verifying, organizationId: string): Promise<AuditVerdict> {
  const outside = await loadAnchors(platform, organizationId)
  const before = await findHead(platform.sql, organizationId)
  const walked = await walk(platform.sql, organizationId, { anchors: outside.anchors, watched: before?.position ?? 0 })
  const after = await findHead(platform.sql, organizationId)
  // Of a chain that is broken off it is not known what comes behind; that it is broken is certain.
  const isTakenAway = createTakenAway(outside.anchors, walked.fault ? outside.anchors : walked.matching)
  const holding = outside.holding.filter((anchor) => !isTakenAway(anchor))
  const last = holding.at(-1)
  return {
    organizationId,
    entries: walked.entries,
    head: walked.hash.toString('hex'),
    anchors: holding.length,
    anchoredTo: last?.position ?? 0,
    lastAnchoredAt: last?.signedAt ?? null,
    fault:
      findForgery(walked.differing, holding) ??
      walked.fault ??
      findTruncation(walked.last, Math.max(last?.position ?? 0, before?.position ?? 0)) ??
      findWrongHead(walked, before, after) ??
      outside.fault ??
      findBeyond(outside, walked.last),
  }
}

/** Every chain that there is, or should be: those that are known outside the database too. */
export async function listChains({ sql, blobs }: Pick<Platform, 'sql' | 'blobs'>): Promise<string[]> {
  const known = await sql.query<{ organization_id: string }>('select organization_id from platform.audit_chains()')
  return [...new Set([...known.map(({ organization_id: id }) => id), ...(await blobs.marked())])].toSorted()
}

interface Walked {
  entries: number
  /** The position of the last entry that was right, and the chain's hash there. */
  last: number
  hash: Buffer
  /** The chain's hash at the position that was watched. */
  atWatched: Buffer
  /** The anchors that say what the chain has. */
  matching: Anchor[]
  /** Those that say otherwise, each with the last entry before it that another one holds. */
  differing: { anchor: Anchor; heldTo: number }[]
  fault: AuditFault | null
}

async function walk(
  sql: Sql,
  organizationId: string,
  { anchors, watched }: { anchors: readonly Anchor[]; watched: number },
): Promise<Walked> {
  const signed = Map.groupBy(anchors, ({ position }) => position)
  const walked: Walked = {
    entries: 0,
    last: 0,
    hash: chainStart,
    atWatched: chainStart,
    matching: [],
    differing: [],
    fault: null,
  }
  const look = (entry: StoredEntry): void => {
    walked.entries++
    if (walked.fault) return
    const hash = entry.isSound ? continueChain(walked.hash, entry) : null
    walked.fault = findFault(entry, hash, walked.last + 1)
    if (walked.fault || !hash) return
    const heldTo = walked.matching.at(-1)?.position ?? 0
    for (const anchor of signed.get(entry.position) ?? []) {
      if (anchor.hash.equals(hash)) walked.matching.push(anchor)
      else walked.differing.push({ anchor, heldTo })
    }
    walked.last = entry.position
    walked.hash = hash
    if (entry.position === watched) walked.atWatched = hash
  }
  try {
    for await (const page of readEntries(sql, organizationId)) page.forEach(look)
  } catch (error) {
    if (!isDamage(error)) throw error
    const message = `Entry ${walked.last + 1} cannot be read: what PostgreSQL has on its disk there is not what it wrote.`
    walked.fault ??= { kind: 'CHANGED', position: walked.last + 1, message }
  }
  return walked
}

/** What is wrong with an entry that should be the `expected` one and have this hash. */
function findFault(entry: StoredEntry, hash: Buffer | null, expected: number): AuditFault | null {
  if (entry.position !== expected) {
    const message = `Entry ${expected} is missing: entry ${entry.position} stands in its place.`
    return { kind: 'MISSING', position: expected, message }
  }
  if (hash?.equals(entry.hash)) return null
  return { kind: 'CHANGED', position: expected, message: `Entry ${expected} is not what was written.` }
}

/** The first anchor that holds and says otherwise than the chain. */
function findForgery(differing: Walked['differing'], holding: readonly Anchor[]): AuditFault | null {
  const found = differing.find(({ anchor }) => holding.includes(anchor))
  if (!found) return null
  const { anchor, heldTo } = found
  const message = `The chain was written anew: entries ${heldTo + 1} to ${anchor.position} are not all those that were signed on ${anchor.signedAt.toISOString()}.`
  return { kind: 'FORGED', position: heldTo + 1, message }
}

function findTruncation(last: number, known: number): AuditFault | null {
  if (last >= known) return null
  const entries = known - last === 1 ? `Entry ${known} is` : `Entries ${last + 1} to ${known} are`
  return { kind: 'TRUNCATED', position: last + 1, message: `${entries} missing: the end of the chain is gone.` }
}

interface Head {
  position: number
  hash: Buffer
}

/** A head that does not say what the entries say would have the next entry begin another chain. */
function findWrongHead({ last, atWatched }: Walked, before: Head | null, after: Head | null): AuditFault | null {
  const right = before ? before.hash.equals(atWatched) && (after?.position ?? 0) >= last : last === 0 || after !== null
  return right
    ? null
    : { kind: 'CHANGED', position: last + 1, message: 'The head of the chain is not what was written.' }
}

async function findHead(sql: Sql, organizationId: string): Promise<Head | null> {
  const [head] = await sql.withOrganization({ organizationId }, (tx) =>
    rowsOf<Head>(tx, 'select position, hash from platform.audit_head where organization_id = $1', [organizationId]),
  )
  return head ?? null
}
