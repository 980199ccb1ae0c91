import type { Fact } from '@passerelle/platform/facts'
import { scopesToHear } from '@passerelle/platform/facts/catalogue'
import type { Scope } from '@passerelle/platform/schema'

export const noticeKinds = [
  'DOCUMENT_READY',
  'DOCUMENT_FAILED',
  'QUESTION_WAITS',
  'QUESTION_TAKEN',
  'QUESTION_ANSWERED',
  'REQUEST_RECEIVED',
  'REQUEST_MESSAGE',
  'APPROVAL_WAITS',
  'APPROVAL_DECIDED',
  'USAGE_NEAR',
  'USAGE_OVER',
  'KEY_EXPIRING',
  'WEBHOOK_FAILING',
  'WORKFLOW_FAILED',
  'WORKFLOW_DONE',
  'INVITATION_ACCEPTED',
  'ROLES_CHANGED',
  'NEW_DEVICE',
  'PASSWORD_CHANGED',
  'SESSION_REUSED',
] as const
export type NoticeKind = (typeof noticeKinds)[number]

export type MailCadence = 'NOW' | 'DIGEST' | 'OFF'

/** Who hears of it: people by id, or all whose rights hold these words but whoever did it. */
export type Hearers = { people: readonly unknown[] } | { scopes: readonly Scope[] }

/** What a fact says to somebody. */
export interface Notice {
  subjectId: string
  /** What it is about, the subject unless told: a second notice of the kind on the same topic within the hour is none. */
  topic?: string
  /** Small values that the words need. */
  params: Record<string, string | number>
  to: Hearers
}

export interface NoticeRule {
  kind: NoticeKind
  types: readonly string[]
  /** Null when this fact is no reason for a notice. */
  read(fact: Fact): Notice | null
  /** How people hear of it who have not said otherwise. */
  usual: { inApp: boolean; mail: MailCadence }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const usual = {
  seen: { inApp: true, mail: 'OFF' },
  gathered: { inApp: true, mail: 'DIGEST' },
  told: { inApp: true, mail: 'NOW' },
} as const

/** A notice to the person that a fact names. */
function toPerson({ payload }: Fact, { subject, person }: { subject: string; person: string }): Notice | null {
  return payload[person] ? { subjectId: text(payload[subject]), params: {}, to: { people: [payload[person]] } } : null
}

function toApproval({ payload }: Fact): Pick<Notice, 'subjectId' | 'params'> {
  return {
    subjectId: text(payload['id']),
    params: { approval: text(payload['kind']), status: text(payload['status']) },
  }
}

function toUsage({ payload }: Fact, isReached: (percent: number) => boolean): Notice | null {
  const percent = Number(payload['percent'])
  if (!isReached(percent)) return null
  const metric = text(payload['metric'])
  return { subjectId: metric, params: { metric, percent }, to: { scopes: ['usage:read', 'plan:manage'] } }
}

/** What a client asks for or says: to whom looks after it, else to all who may. */
function toRequest({ payload }: Fact): Notice | null {
  if (payload['author'] !== 'CLIENT') return null
  const to: Hearers = payload['assigneeId'] ? { people: [payload['assigneeId']] } : { scopes: ['record:write'] }
  return { subjectId: text(payload['id']), params: {}, to }
}

function ofStage(stage: string): NoticeRule['read'] {
  return (fact) =>
    fact.payload['stage'] === stage ? toPerson(fact, { subject: 'documentId', person: 'userId' }) : null
}

function ofRun(...states: string[]): NoticeRule['read'] {
  return (fact) =>
    states.includes(text(fact.payload['state'])) ? toPerson(fact, { subject: 'id', person: 'userId' }) : null
}

/** Which facts are a notice, to whom. What is said of them is in the words of each language (`notification.words.ts`). */
export const noticeRules: readonly NoticeRule[] = [
  { kind: 'DOCUMENT_READY', types: ['document.status_changed'], usual: usual.seen, read: ofStage('READY') },
  { kind: 'DOCUMENT_FAILED', types: ['document.status_changed'], usual: usual.gathered, read: ofStage('FAILED') },
  {
    kind: 'QUESTION_WAITS',
    types: ['hand_over.opened', 'hand_over.reopened'],
    usual: usual.told,
    read: ({ payload }) => ({ subjectId: text(payload['id']), params: {}, to: { scopes: ['question:answer'] } }),
  },
  {
    kind: 'QUESTION_TAKEN',
    types: ['hand_over.taken'],
    usual: usual.seen,
    read: (fact) => toPerson(fact, { subject: 'id', person: 'askerId' }),
  },
  {
    kind: 'QUESTION_ANSWERED',
    types: ['hand_over.answered'],
    usual: usual.told,
    read: (fact) => toPerson(fact, { subject: 'id', person: 'askerId' }),
  },
  {
    kind: 'REQUEST_RECEIVED',
    types: ['service_request.created'],
    usual: usual.told,
    read: toRequest,
  },
  {
    kind: 'REQUEST_MESSAGE',
    types: ['service_request.message_added'],
    usual: usual.gathered,
    read: toRequest,
  },
  {
    kind: 'APPROVAL_WAITS',
    types: ['approval.proposed'],
    usual: usual.told,
    read(fact) {
      const required = fact.payload['requiredScopes']
      const scopes: Scope[] = ['approval:decide', ...(Array.isArray(required) ? required : [])]
      return { ...toApproval(fact), to: { scopes } }
    },
  },
  {
    kind: 'APPROVAL_DECIDED',
    types: ['approval.approved', 'approval.rejected', 'approval.expired', 'approval.failed'],
    usual: usual.gathered,
    read: (fact) =>
      fact.payload['proposerId'] ? { ...toApproval(fact), to: { people: [fact.payload['proposerId']] } } : null,
  },
  {
    kind: 'USAGE_NEAR',
    types: ['usage.reached'],
    usual: usual.told,
    read: (fact) => toUsage(fact, (percent) => percent < 100),
  },
  {
    kind: 'USAGE_OVER',
    types: ['usage.reached'],
    usual: usual.told,
    read: (fact) => toUsage(fact, (percent) => percent >= 100),
  },
  {
    kind: 'KEY_EXPIRING',
    types: ['api_key.expiring'],
    usual: usual.told,
    read: ({ payload }) => ({ subjectId: text(payload['apiKeyId']), params: {}, to: { scopes: ['key:manage'] } }),
  },
  {
    kind: 'WEBHOOK_FAILING',
    types: ['webhook.failing', 'webhook.paused'],
    usual: usual.told,
    read: ({ payload }) =>
      payload['because'] === 'PERSON'
        ? null
        : {
            subjectId: text(payload['id']),
            params: { paused: payload['because'] ? 1 : 0 },
            to: { scopes: ['webhook:manage'] },
          },
  },
  { kind: 'WORKFLOW_FAILED', types: ['workflow_run.changed'], usual: usual.told, read: ofRun('FAILED', 'TIMED_OUT') },
  { kind: 'WORKFLOW_DONE', types: ['workflow_run.changed'], usual: usual.seen, read: ofRun('DONE') },
  {
    kind: 'INVITATION_ACCEPTED',
    types: ['member.joined'],
    usual: usual.gathered,
    read: ({ payload }) => ({ subjectId: text(payload['userId']), params: {}, to: { scopes: ['member:manage'] } }),
  },
  {
    kind: 'ROLES_CHANGED',
    types: ['member.roles_changed', 'member.scopes_changed'],
    usual: usual.told,
    read: (fact) => toPerson(fact, { subject: 'userId', person: 'userId' }),
  },
  {
    kind: 'NEW_DEVICE',
    types: ['session.started'],
    usual: usual.told,
    read(fact) {
      const notice =
        fact.payload['isNewDevice'] === true ? toPerson(fact, { subject: 'sessionId', person: 'userId' }) : null
      // Who logs in often from programs hears of it once in a while.
      return notice && { ...notice, topic: text(fact.payload['userId']) }
    },
  },
  {
    kind: 'PASSWORD_CHANGED',
    types: ['password.changed'],
    // The change itself writes to the person, in every organisation's name.
    usual: usual.seen,
    read: (fact) => toPerson(fact, { subject: 'userId', person: 'userId' }),
  },
  {
    kind: 'SESSION_REUSED',
    types: ['session.reuse_detected'],
    usual: usual.told,
    read: (fact) => toPerson(fact, { subject: 'sessionId', person: 'userId' }),
  },
]

/** What concerns one person alone is told to no room. */
const personal: ReadonlySet<NoticeKind> = new Set([
  'QUESTION_TAKEN',
  'QUESTION_ANSWERED',
  'APPROVAL_DECIDED',
  'ROLES_CHANGED',
  'NEW_DEVICE',
  'PASSWORD_CHANGED',
  'SESSION_REUSED',
])

/** What somebody must hold to have a chat room told notices of these kinds: what reads the facts that they come of. */
export function scopesToBeTold(kinds: readonly string[]): Scope[] {
  return scopesToHear(noticeRules.filter(({ kind }) => kinds.includes(kind)).flatMap(({ types }) => types))
}

/** Whether a chat room may hear of it. */
export function isRoomKind(kind: string): boolean {
  return noticeKinds.some((known) => known === kind && !personal.has(known))
}
