import type { ApprovalStatus } from '@passerelle/platform/approvals'
import type { Hindrance } from '@passerelle/platform/approvals/decide'
import type { AuditAuthor } from '@passerelle/platform/audit'
import { builder } from '../builder.ts'

export const ApprovalStatusEnum = builder.enumType('ApprovalStatus', {
  description: 'Where a proposed action stands.',
  values: {
    PENDING: { description: 'It waits for a person’s decision.' },
    APPROVED: { description: 'Somebody said yes; it is being carried out.' },
    DONE: { description: 'Somebody said yes, and it has been done.' },
    FAILED: { description: 'Somebody said yes, and it could not be done; `failure` says why.' },
    REJECTED: { description: 'Somebody who may decide it said no; `reason` says why.' },
    EXPIRED: { description: 'Nobody decided in time.' },
    CANCELLED: { description: 'Whoever proposed it has taken it back.' },
  } satisfies Record<ApprovalStatus, { description: string }>,
})

export const ApprovalAuthorEnum = builder.enumType('ApprovalAuthor', {
  description: 'Who proposes.',
  values: {
    PERSON: { description: 'A person.' },
    KEY: { description: 'A program with an API key.' },
    AI: { description: 'An AI, for the person it works for.' },
    SERVICE: { description: 'The house itself, by its rules.' },
  } satisfies Record<AuditAuthor, { description: string }>,
})

export const ApprovalHindranceEnum = builder.enumType('ApprovalHindrance', {
  description: 'Why somebody cannot decide.',
  values: {
    NOT_PENDING: { description: 'It does not wait for a decision any more.' },
    NOT_ALLOWED: { description: 'It takes permissions that they do not have.' },
    OWN_PROPOSAL: { description: 'It is their own proposal, and somebody else has to decide.' },
  } satisfies Record<Hindrance, { description: string }>,
})

export const ApprovalFailureRef = builder.objectRef<{ code: string; message: string }>('ApprovalFailure').implement({
  description: 'Why what was approved could not be done.',
  fields: (t) => ({
    code: t.exposeString('code', {
      tag: 'partner',
      description: 'Stable; for programs: that of the refusal, such as NOT_FOUND or INVALID_INPUT, or INTERNAL.',
    }),
    message: t.exposeString('message', { tag: 'partner', description: 'One sentence in English.' }),
  }),
})
