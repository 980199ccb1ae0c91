import type { z } from 'zod'
import type { AuditAuthor } from '../audit/audit.ts'
import type { Scope } from '../schema/scopes.ts'
import type { Viewer } from '../schema/viewer.ts'
import type { Tx } from '../sql/sql.ts'
import type { Platform } from '../subgraph/subgraph.ts'

/** The same said in the languages of the house. */
export interface Words {
  fr: string
  en: string
}

/** A kind of thing that a person must say yes to. A subgraph registers it at its door, and carries it out. */
export interface ApprovalKind<Payload = unknown> {
  /** Noun and verb's noun, for good: `DOCUMENT_DELETION`. */
  kind: string
  /** What whoever decides must be allowed to do, beside `approval:decide`. */
  requiredScope: Scope
  /** Whether nobody may say yes to what is their own proposal, or an AI's for them. */
  fourEyes: boolean
  /** What a proposal says; also what an edited one must be. */
  payload: z.ZodType<Payload>
  /** How long a proposal waits for its decision. */
  lifetimeHours: number
  /** What the kind is called. */
  name?: Words
  /** Whether a decider may change the payload; yes unless told. */
  isEditable?: boolean
  /** Whether a program with a key, and a person by the API, may propose it; no unless told. It then needs `describe`. */
  isProposable?: boolean
  /**
   * What will happen, in words, of what a caller proposes and of what a decider has changed. Throws a refusal for what cannot happen. Runs before the
   * transaction, with the rights of who asks.
   */
  describe?(platform: Platform, viewer: Viewer, payload: Payload): Promise<Words>
  /**
   * Does it, once a person has said yes, in a worker, as a service with `requiredScope` in the decider's name. Answers ids and counts to keep as the result. A
   * refusal is final; any other failure is tried again. It may run again after a kill: call `settle` in the transaction of what it does, which then
   * commits once, or tell repetitions by the approval's id.
   */
  carryOut(platform: Platform, viewer: Viewer, approval: ApprovedAction<Payload>): Promise<ActionResult | void>
}

export type ActionResult = Readonly<Record<string, unknown>>

/** What is carried out. */
export interface ApprovedAction<Payload> {
  id: string
  payload: Payload
  author: AuditAuthor
  proposerId: string | null
  deciderId: string | null
  /** Aborted when the process stops; the work will be tried again. */
  signal: AbortSignal
  /** Marks it as done with the caller's transaction, at most once: throws when it has been done, so that a repetition changes nothing. */
  settle(tx: Tx, result?: ActionResult): Promise<void>
}

export type ApprovalKinds = ReadonlyMap<string, ApprovalKind>

/** The kinds of some subgraphs by name; two of one name, or one that callers may propose and nobody can describe, are faults of the house. */
export function collectKinds(subgraphs: readonly { approvalKinds?: readonly ApprovalKind[] }[]): ApprovalKinds {
  const kinds = new Map<string, ApprovalKind>()
  for (const kind of subgraphs.flatMap(({ approvalKinds = [] }) => approvalKinds)) {
    if (kinds.has(kind.kind)) throw new Error(`There are two kinds of approval called ${kind.kind}.`)
    if (kind.isProposable && !kind.describe) throw new Error(`${kind.kind} may be proposed and cannot be described.`)
    kinds.set(kind.kind, kind)
  }
  return kinds
}
