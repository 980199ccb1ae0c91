import { z } from 'zod'
import { listRuledKinds, setPolicy, type RuledKind } from '@passerelle/platform/approvals/policy'
import { InvalidInput, NotAllowed, NotFound, requireScope, requireViewer } from '@passerelle/platform/schema'
import type { Words } from '@passerelle/platform/approvals'
import { builder } from '../builder.ts'

export const WordingRef = builder.objectRef<Words>('Wording').implement({
  description: 'The same said in the languages of the house.',
  fields: (t) => ({
    fr: t.exposeString('fr', { tag: 'partner', description: 'In French.' }),
    en: t.exposeString('en', { tag: 'partner', description: 'In English.' }),
  }),
})

/** What a kind is called; its code where nobody has named it. */
export function toName(code: string, name: Words | undefined): Words {
  return name ?? { fr: code, en: code }
}

const ApprovalKindRef = builder.objectRef<RuledKind>('ApprovalKind').implement({
  description:
    'A kind of action that needs a person’s yes, with what the organisation asks for beyond the kind itself.',
  fields: (t) => ({
    kind: t.string({
      tag: 'partner',
      description: 'Its code: what `proposeAction` is given.',
      resolve: ({ kind }) => kind.kind,
    }),
    name: t.field({
      tag: 'partner',
      description: 'What it is called.',
      type: WordingRef,
      resolve: ({ kind }) => toName(kind.kind, kind.name),
    }),
    isProposable: t.boolean({
      tag: 'partner',
      description: 'Whether `proposeAction` takes it; the house itself proposes the others.',
      resolve: ({ kind }) => kind.isProposable ?? false,
    }),
    isEditable: t.boolean({
      description: 'Whether a decider may change what was proposed.',
      resolve: ({ kind }) => kind.isEditable ?? true,
    }),
    payloadSchema: t.field({
      tag: 'partner',
      description: 'What its payload is, as a JSON Schema.',
      type: 'JSON',
      resolve: ({ kind }) => z.toJSONSchema(kind.payload, { io: 'input', unrepresentable: 'any' }),
    }),
    requiredScope: t.string({
      description: 'What a decider must be allowed to do, beside `approval:decide`.',
      resolve: ({ kind }) => kind.requiredScope,
    }),
    addedScope: t.string({
      description: 'What the organisation asks of a decider beyond that.',
      nullable: true,
      resolve: ({ policy }) => policy.requiredScope,
    }),
    fourEyes: t.boolean({
      description: 'Whether somebody else than the proposer has to decide: the kind or the organisation asks for it.',
      resolve: ({ kind, policy }) => kind.fourEyes || policy.fourEyes,
    }),
    fourEyesIsFixed: t.boolean({
      description: 'True: the kind asks for it, and an organisation cannot do without.',
      resolve: ({ kind }) => kind.fourEyes,
    }),
    lifetimeHours: t.int({
      tag: 'partner',
      description: 'How long a proposal waits for its decision.',
      resolve: ({ kind, policy }) => Math.min(kind.lifetimeHours, policy.lifetimeHours ?? kind.lifetimeHours),
    }),
    longestLifetimeHours: t.int({
      description: 'The longest that an organisation may set.',
      resolve: ({ kind }) => kind.lifetimeHours,
    }),
  }),
})

builder.queryField('approvalKinds', (t) =>
  t.field({
    tag: 'partner',
    description:
      'Every kind of action that needs a person’s yes. For who may propose (`approval:propose`) or read (`approval:read`) them.',
    type: [ApprovalKindRef],
    resolve: (_root, _args, context) => {
      const viewer = requireViewer(context)
      if (!viewer.scopes.includes('approval:propose')) requireScope(context, 'approval:read')
      return listRuledKinds(context.platform, viewer)
    },
  }),
)

builder.mutationField('setApprovalPolicy', (t) =>
  t.field({
    description:
      'Sets what the organisation asks for beyond a kind (`organization:manage`). What waits already is held to it too; nothing is ever eased for it, and never below what the kind itself asks for.',
    type: ApprovalKindRef,
    errors: { types: [NotFound, NotAllowed, InvalidInput] },
    args: {
      kind: t.arg.string({ required: true, description: 'The code of the kind.' }),
      fourEyes: t.arg.boolean({
        required: true,
        description: 'Whether somebody else than the proposer has to decide.',
      }),
      addedScope: t.arg.string({
        description: 'What a decider must be allowed to do beyond the kind’s own; nothing unless told.',
      }),
      lifetimeHours: t.arg.int({ description: 'How long a proposal waits; as long as the kind says unless told.' }),
    },
    resolve: (_root, { addedScope, ...args }, context) =>
      setPolicy(context.platform, requireScope(context, 'organization:manage'), {
        ...args,
        requiredScope: addedScope ?? null,
      }),
  }),
)
