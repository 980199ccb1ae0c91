import type { Approval } from '@passerelle/platform/approvals'
import { findHindrance, isOwn } from '@passerelle/platform/approvals/decide'
import { connectionType, pageArgs, requirePage, requireViewer } from '@passerelle/platform/schema'
import { AnswerRef } from '../conversations/answer.graphql.ts'
import { toName, WordingRef } from './approval-kind.graphql.ts'
import { watchApprovals, type ApprovalChange } from './approval.facts.ts'
import {
  ApprovalAuthorEnum,
  ApprovalFailureRef,
  ApprovalHindranceEnum,
  ApprovalStatusEnum,
} from './approval-status.graphql.ts'
import { listApprovals } from './approval.store.ts'
import { builder } from '../builder.ts'
import { UserStub } from '../stubs.ts'

const toUser = (id: string | null) => (id ? { id } : null)

export const ApprovalRef = builder.objectRef<Approval>('Approval').implement({
  description:
    'An action that needs a person’s yes: what it is, who proposes it, what was decided and what came of it. Seen by whoever proposed it, and by who may decide on it.',
  interfaces: ['Node'],
  fields: (t) => ({
    kind: t.exposeString('kind', { tag: 'partner', description: 'What kind of action, such as DOCUMENT_DELETION.' }),
    kindName: t.field({
      tag: 'partner',
      description: 'What the kind is called.',
      type: WordingRef,
      resolve: ({ kind }, _args, { platform }) => toName(kind, platform.approvalKinds.get(kind)?.name),
    }),
    payload: t.expose('payload', { tag: 'partner', type: 'JSON', description: 'What will be done, as it stands now.' }),
    proposedPayload: t.expose('proposedPayload', { type: 'JSON', description: 'What was proposed.' }),
    isEdited: t.exposeBoolean('isEdited', {
      tag: 'partner',
      description: 'Whether the decider has changed what was proposed.',
    }),
    preview: t.expose('preview', { tag: 'partner', type: WordingRef, description: 'What will happen, in words.' }),
    note: t.exposeString('note', { tag: 'partner', nullable: true, description: 'What the proposer added.' }),
    status: t.expose('status', { tag: 'partner', type: ApprovalStatusEnum, description: 'Where it stands.' }),
    author: t.expose('author', { tag: 'partner', type: ApprovalAuthorEnum, description: 'Who proposes.' }),
    proposer: t.field({
      description:
        'The person who proposes, or for whom an AI does; null for programs, and for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ proposerId }) => toUser(proposerId),
    }),
    proposerKeyId: t.exposeID('proposerKeyId', { nullable: true, description: 'The API key that proposes.' }),
    answer: t.field({
      description: 'The answer that an AI proposes it in: the asker’s own, null for everybody else.',
      type: AnswerRef,
      nullable: true,
      resolve: ({ answerId }, _args, { answers }) => (answerId ? answers.load(answerId) : null),
    }),
    requiredScopes: t.exposeStringList('requiredScopes', {
      description: 'What a decider must be allowed to do, beside `approval:decide`.',
    }),
    fourEyes: t.exposeBoolean('fourEyes', { description: 'Whether somebody else than the proposer has to decide.' }),
    isEditable: t.boolean({
      description: 'Whether a decider may change it.',
      resolve: ({ kind, fourEyes }, _args, { platform }) => {
        const known = platform.approvalKinds.get(kind)
        return known !== undefined && known.isEditable !== false && !fourEyes
      },
    }),
    hindrance: t.field({
      description: 'Why the caller cannot decide; null when they can.',
      type: ApprovalHindranceEnum,
      nullable: true,
      resolve: (approval, _args, context) => findHindrance(requireViewer(context), approval),
    }),
    isMine: t.boolean({
      tag: 'partner',
      description: 'Whether it is the caller’s own proposal, which they may take back while nobody has decided.',
      resolve: (approval, _args, context) => isOwn(requireViewer(context), approval),
    }),
    decider: t.field({
      description: 'Who decided; null while nobody has, and for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ deciderId }) => toUser(deciderId),
    }),
    reason: t.exposeString('reason', { tag: 'partner', nullable: true, description: 'Why, in the decider’s words.' }),
    result: t.expose('result', {
      tag: 'partner',
      type: 'JSON',
      nullable: true,
      description: 'What came of it: ids and counts.',
    }),
    failure: t.expose('failure', {
      tag: 'partner',
      type: ApprovalFailureRef,
      nullable: true,
      description: 'Why it could not be done; null unless FAILED.',
    }),
    createdAt: t.expose('createdAt', { tag: 'partner', type: 'DateTime', description: 'When it was proposed.' }),
    updatedAt: t.expose('updatedAt', { tag: 'partner', type: 'DateTime', description: 'When it last changed.' }),
    expiresAt: t.expose('expiresAt', {
      tag: 'partner',
      type: 'DateTime',
      description: 'Until when it can be decided.',
    }),
    decidedAt: t.expose('decidedAt', {
      tag: 'partner',
      type: 'DateTime',
      nullable: true,
      description: 'When it was decided.',
    }),
    finishedAt: t.expose('finishedAt', {
      tag: 'partner',
      type: 'DateTime',
      nullable: true,
      description: 'When it was done, could not be done, expired or was taken back.',
    }),
  }),
})

const ApprovalsConnection = connectionType(builder, 'ApprovalsConnection', { node: ApprovalRef, tag: 'partner' })

const ApprovalFilterInput = builder.inputType('ApprovalFilter', {
  description: 'Which approvals: those that match all that is given.',
  fields: (t) => ({
    statuses: t.field({ type: [ApprovalStatusEnum], description: 'Where they stand; anywhere unless told.' }),
    kinds: t.stringList({ description: 'Of these kinds; any unless told.' }),
    mine: t.boolean({ description: 'True: only those that the caller has proposed.' }),
    decidable: t.boolean({ description: 'True: only those that wait for the caller’s decision.' }),
  }),
})

const ApprovalOrderEnum = builder.enumType('ApprovalOrder', {
  description: 'In which order approvals are listed.',
  values: {
    CREATED_DESC: { description: 'The newest first.' },
    CREATED_ASC: { description: 'The one that waits longest first.' },
  },
})

builder.queryFields((t) => ({
  approval: t.field({
    tag: 'partner',
    description: 'The proposed action under an id; null for one that the caller does not see.',
    type: ApprovalRef,
    nullable: true,
    args: { id: t.arg.id({ required: true, description: 'Of the approval.' }) },
    resolve: (_root, { id }, context) => {
      requireViewer(context)
      return context.approvals.load(id)
    },
  }),
  approvals: t.field({
    tag: 'partner',
    description:
      'Actions that need a person’s yes: the caller’s own proposals, and for who may read them (`approval:read`) those that they are allowed to do themselves.',
    type: ApprovalsConnection,
    args: {
      ...pageArgs(t),
      filter: t.arg({ type: ApprovalFilterInput, description: 'All of them unless told.' }),
      orderBy: t.arg({ type: ApprovalOrderEnum, description: 'The newest first unless told.' }),
    },
    resolve: (_root, { filter, orderBy, ...args }, context) =>
      listApprovals(context.platform.sql, requireViewer(context), {
        filter: {
          statuses: filter?.statuses ?? null,
          kinds: filter?.kinds ?? null,
          mine: filter?.mine ?? false,
          decidable: filter?.decidable ?? false,
        },
        newestFirst: orderBy !== 'CREATED_ASC',
        page: requirePage(args),
      }),
  }),
}))

const ApprovalChangeRef = builder.objectRef<ApprovalChange>('ApprovalChange').implement({
  description: 'Something about a proposed action is different.',
  fields: (t) => ({
    id: t.exposeID('id', { tag: 'partner', description: 'Of the approval.' }),
    approval: t.field({
      tag: 'partner',
      description: 'As it is now; null once it is gone.',
      type: ApprovalRef,
      nullable: true,
      resolve: ({ id }, _args, { approvals }) => approvals.load(id),
    }),
    cursor: t.exposeString('cursor', { tag: 'partner', description: 'Continue after this one with `after`.' }),
  }),
})

builder.subscriptionField('approvalChanged', (t) =>
  t.field({
    description:
      'Every change of the approvals that the caller sees, or of one of them, from now on or after a cursor.',
    type: ApprovalChangeRef,
    args: {
      id: t.arg.id({ description: 'Of the approval; all unless told.' }),
      after: t.arg.string({ description: 'A cursor of an earlier change.' }),
    },
    subscribe: (_root, { id, after }, context) =>
      watchApprovals(context.platform, { viewer: requireViewer(context), id, after, signal: context.signal }),
    resolve: (change) => change,
  }),
)
