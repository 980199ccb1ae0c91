import { approve, cancel, reject, retry } from '@passerelle/platform/approvals/decide'
import { ApprovalNotPending, OwnProposal } from '@passerelle/platform/approvals/refusals'
import {
  EngineUnavailable,
  InvalidInput,
  NotAllowed,
  NotFound,
  QuotaExceeded,
  requireScope,
  requireViewer,
} from '@passerelle/platform/schema'
import { proposeAction, requireReason, requireSaidReason } from './approval.ts'
import { ApprovalStatusEnum } from './approval-status.graphql.ts'
import { ApprovalRef } from './approval.graphql.ts'
import { builder } from '../builder.ts'

builder.objectType(ApprovalNotPending, {
  name: 'ApprovalNotPending',
  tag: 'partner',
  description: 'Somebody has decided already, its time is over, or its proposer has taken it back.',
  interfaces: ['Refusal'],
  fields: (t) => ({ status: t.expose('status', { type: ApprovalStatusEnum, description: 'Where it stands.' }) }),
})

builder.objectType(OwnProposal, {
  name: 'OwnProposal',
  description: 'It is the caller’s own proposal, or an AI’s for them: somebody else has to decide.',
  interfaces: ['Refusal'],
})

const idArg = 'Of the approval.'

builder.mutationFields((t) => ({
  proposeAction: t.field({
    tag: 'partner',
    description:
      'Puts an action before the people who may say yes to it (`approval:propose`); nothing happens before they do. Only kinds that are proposable: `approvalKinds` lists them with what they take.',
    type: ApprovalRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, QuotaExceeded, EngineUnavailable] },
    args: {
      kind: t.arg.string({ required: true, description: 'The code of the kind.' }),
      payload: t.arg({
        type: 'JSON',
        required: true,
        description: 'What should be done, as the kind’s `payloadSchema` says.',
      }),
      note: t.arg.string({ description: 'What the deciders should know; at most 2,000 characters.' }),
      requestKey: t.arg.string({
        description: 'What the caller calls this proposal: proposed again under the same key, it is the same one.',
      }),
      expiresAt: t.arg({
        type: 'DateTime',
        description: 'Until when it can be decided; as long as the kind says unless told.',
      }),
    },
    resolve: (_root, args, context) =>
      proposeAction(context.platform, requireScope(context, 'approval:propose'), { ...args, payload: args.payload }),
  }),
  approveAction: t.field({
    description:
      'Says yes (`approval:decide`, and the permission that the action itself takes), to what was proposed or to what the caller makes of it; it is carried out then. Of two who decide at once one has decided.',
    type: ApprovalRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, ApprovalNotPending, OwnProposal, EngineUnavailable] },
    args: {
      id: t.arg.id({ required: true, description: idArg }),
      payload: t.arg({
        type: 'JSON',
        description: 'What should be done instead of what was proposed; it is checked again.',
      }),
      reason: t.arg.string({ description: 'Why; at most 2,000 characters.' }),
    },
    resolve: (_root, { id, payload, reason }, context) =>
      approve(context.platform, requireScope(context, 'approval:decide'), {
        id,
        payload,
        reason: requireReason(reason),
      }),
  }),
  rejectAction: t.field({
    description: 'Says no (`approval:decide`, and the permission that the action itself takes), and why.',
    type: ApprovalRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput, ApprovalNotPending, OwnProposal] },
    args: {
      id: t.arg.id({ required: true, description: idArg }),
      reason: t.arg.string({ required: true, description: 'Why not; at most 2,000 characters.' }),
    },
    resolve: (_root, { id, reason }, context) =>
      reject(context.platform, requireScope(context, 'approval:decide'), { id, reason: requireSaidReason(reason) }),
  }),
  cancelAction: t.field({
    tag: 'partner',
    description: 'Takes the caller’s own proposal back while nobody has decided.',
    type: ApprovalRef,
    errors: { types: [NotFound, NotAllowed, ApprovalNotPending] },
    args: { id: t.arg.id({ required: true, description: idArg }) },
    resolve: (_root, { id }, context) => cancel(context.platform, requireViewer(context), id),
  }),
  retryAction: t.field({
    description: 'Has an approved action that could not be done tried again, by somebody who could have approved it.',
    type: ApprovalRef,
    errors: { types: [NotFound, NotAllowed, ApprovalNotPending, OwnProposal] },
    args: { id: t.arg.id({ required: true, description: idArg }) },
    resolve: (_root, { id }, context) => retry(context.platform, requireScope(context, 'approval:decide'), id),
  }),
}))
