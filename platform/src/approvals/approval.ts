import type { AuditAuthor } from '../audit/audit.ts'
import type { Words } from './kind.ts'

export const approvalStatuses = ['PENDING', 'APPROVED', 'DONE', 'FAILED', 'REJECTED', 'EXPIRED', 'CANCELLED'] as const
/** PENDING waits for a person; APPROVED is being carried out, and becomes DONE or FAILED. The others are over. */
export type ApprovalStatus = (typeof approvalStatuses)[number]

/** Something that needs a person's yes, and what became of it. */
export interface Approval {
  id: string
  organizationId: string
  kind: string
  payload: unknown
  proposedPayload: unknown
  preview: Words
  status: ApprovalStatus
  author: AuditAuthor
  proposerId: string | null
  proposerKeyId: string | null
  /** Who had been shown the secret of that key. */
  proposerKeyHolders: readonly string[]
  answerId: string | null
  requestKey: string | null
  note: string | null
  requiredScopes: readonly string[]
  fourEyes: boolean
  isEdited: boolean
  deciderId: string | null
  reason: string | null
  result: unknown
  failure: { code: string; message: string } | null
  attempts: number
  createdAt: Date
  updatedAt: Date
  expiresAt: Date
  decidedAt: Date | null
  finishedAt: Date | null
}
