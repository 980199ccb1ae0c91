import type { Tone } from '@/components/Kit/tones'
import type { NotificationKind } from '@/gql/graphql'

const looks: Record<NotificationKind, { icon: string; tone: Tone }> = {
  DOCUMENT_READY: { icon: 'i-lucide-file-check', tone: 'success' },
  DOCUMENT_FAILED: { icon: 'i-lucide-file-x', tone: 'error' },
  QUESTION_WAITS: { icon: 'i-lucide-inbox', tone: 'warning' },
  QUESTION_TAKEN: { icon: 'i-lucide-user-round-check', tone: 'info' },
  QUESTION_ANSWERED: { icon: 'i-lucide-message-circle-reply', tone: 'success' },
  REQUEST_RECEIVED: { icon: 'i-lucide-concierge-bell', tone: 'warning' },
  REQUEST_MESSAGE: { icon: 'i-lucide-message-square-text', tone: 'info' },
  APPROVAL_WAITS: { icon: 'i-lucide-stamp', tone: 'warning' },
  APPROVAL_DECIDED: { icon: 'i-lucide-stamp', tone: 'info' },
  USAGE_NEAR: { icon: 'i-lucide-gauge', tone: 'warning' },
  USAGE_OVER: { icon: 'i-lucide-gauge', tone: 'error' },
  KEY_EXPIRING: { icon: 'i-lucide-key-round', tone: 'warning' },
  WEBHOOK_FAILING: { icon: 'i-lucide-webhook', tone: 'error' },
  WORKFLOW_FAILED: { icon: 'i-lucide-workflow', tone: 'error' },
  WORKFLOW_DONE: { icon: 'i-lucide-workflow', tone: 'success' },
  INVITATION_ACCEPTED: { icon: 'i-lucide-user-plus', tone: 'info' },
  ROLES_CHANGED: { icon: 'i-lucide-shield-check', tone: 'info' },
  NEW_DEVICE: { icon: 'i-lucide-monitor-smartphone', tone: 'warning' },
  PASSWORD_CHANGED: { icon: 'i-lucide-lock', tone: 'info' },
  SESSION_REUSED: { icon: 'i-lucide-shield-alert', tone: 'error' },
}

/** Icon and tone of what a person is told. */
export function notificationLook(kind: NotificationKind): { icon: string; tone: Tone } {
  return looks[kind]
}

/** What people are told, under what it is about; `scope` shows it to whom it can concern. */
export const kindGroups: readonly { name: string; kinds: readonly { kind: NotificationKind; scope?: string }[] }[] = [
  { name: 'documents', kinds: [{ kind: 'DOCUMENT_READY' }, { kind: 'DOCUMENT_FAILED' }] },
  {
    name: 'work',
    kinds: [
      { kind: 'QUESTION_WAITS', scope: 'question:answer' },
      { kind: 'QUESTION_TAKEN', scope: 'answer:ask' },
      { kind: 'QUESTION_ANSWERED', scope: 'answer:ask' },
      { kind: 'REQUEST_RECEIVED', scope: 'record:write' },
      { kind: 'REQUEST_MESSAGE', scope: 'record:write' },
      { kind: 'APPROVAL_WAITS', scope: 'approval:decide' },
      { kind: 'APPROVAL_DECIDED', scope: 'approval:propose' },
      { kind: 'WORKFLOW_FAILED', scope: 'workflow:run' },
      { kind: 'WORKFLOW_DONE', scope: 'workflow:run' },
    ],
  },
  {
    name: 'organization',
    kinds: [
      { kind: 'USAGE_NEAR', scope: 'plan:manage' },
      { kind: 'USAGE_OVER', scope: 'plan:manage' },
      { kind: 'KEY_EXPIRING', scope: 'key:manage' },
      { kind: 'WEBHOOK_FAILING', scope: 'webhook:manage' },
      { kind: 'INVITATION_ACCEPTED', scope: 'member:manage' },
    ],
  },
  {
    name: 'account',
    kinds: [
      { kind: 'NEW_DEVICE' },
      { kind: 'ROLES_CHANGED' },
      { kind: 'PASSWORD_CHANGED' },
      { kind: 'SESSION_REUSED' },
    ],
  },
]

/** What concerns one person alone is told to no chat room. */
const personal: ReadonlySet<NotificationKind> = new Set([
  'QUESTION_TAKEN',
  'QUESTION_ANSWERED',
  'APPROVAL_DECIDED',
  'ROLES_CHANGED',
  'NEW_DEVICE',
  'PASSWORD_CHANGED',
  'SESSION_REUSED',
])

/** What a chat room may hear of. */
export const roomKinds: readonly NotificationKind[] = kindGroups
  .flatMap(({ kinds }) => kinds.map(({ kind }) => kind))
  .filter((kind) => !personal.has(kind))
