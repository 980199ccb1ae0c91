import { keptReasons, type ErasureChoice, type Holding, type KeptReason } from '@passerelle/platform/privacy'
import { connectionType, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { archiveUrlOf } from './personal-data.http.ts'
import { lookUpPerson } from './personal-data-request.ts'
import {
  listRequests,
  type ExportFailure,
  type PrivacyRequest,
  type RequestKind,
  type RequestState,
} from './personal-data-request.store.ts'
import { UserRef } from '../people/user.graphql.ts'

export const DataSubjectInput = builder.inputType('DataSubjectInput', {
  description:
    'Whom to look for: a member, or anybody by what tells them. Everything given is looked for; one of them is needed.',
  fields: (t) => ({
    userId: t.id({ description: 'A member: the id of the person. Their address is looked for too.' }),
    emails: t.stringList({ description: 'Addresses, whole.' }),
    phones: t.stringList({ description: 'Numbers, French unless they begin with their country.' }),
    names: t.stringList({ description: 'First name and family name, in any order and spelling; two words at least.' }),
    entityIds: t.idList({ description: 'What they are in the knowledge graph.' }),
  }),
})

const KeptReasonEnum = builder.enumType('KeptReason', {
  description: 'Why something stays although somebody asked for it to go.',
  values: {
    LEGAL_RETENTION: {
      description: 'The law asks for the file to be kept (invoices: ten years). It is shown to nobody any more.',
    },
    APPEND_ONLY: { description: 'The audit log is never changed; it holds ids, which say nothing by themselves.' },
  } satisfies Record<KeptReason, { description: string }>,
})

const PersonalDataHoldingRef = builder.objectRef<Holding>('PersonalDataHolding').implement({
  description: 'What one store has of a person.',
  fields: (t) => ({
    store: t.exposeString('store', { description: 'Such as `documents.page`, `search.point` or `graph.entity`.' }),
    count: t.int({ description: 'How many rows, points, nodes or files.', resolve: ({ ids }) => ids.length }),
    kept: t.field({
      description: 'Why an erasure leaves it; null for what goes.',
      type: KeptReasonEnum,
      nullable: true,
      resolve: ({ kept }) => keptReasons.find((reason) => reason === kept) ?? null,
    }),
  }),
})

builder.queryField('personalData', (t) =>
  t.field({
    description:
      'What every store of the house has of a person: how much, not what. That somebody looked is written down.',
    type: [PersonalDataHoldingRef],
    args: { subject: t.arg({ type: DataSubjectInput, required: true, description: 'Whom to look for.' }) },
    resolve: async (_root, { subject }, context) => {
      const viewer = requireScope(context, 'privacy:manage')
      const { holdings } = await lookUpPerson(context.platform, viewer, { input: subject, signal: context.signal })
      return holdings
    },
  }),
)

export const ErasureChoiceEnum = builder.enumType('ErasureChoice', {
  description: 'What becomes of documents that name a person who is erased.',
  values: {
    DELETE_DOCUMENTS: {
      description: 'They are deleted, but for invoices that the law has kept: those are covered as below, and sealed.',
    },
    REDACT_MENTIONS: {
      description:
        'They stay, with the person covered in all that was read from them. Their files are taken away, for they still name the person.',
    },
  } satisfies Record<ErasureChoice, { description: string }>,
})

const PrivacyRequestKindEnum = builder.enumType('PrivacyRequestKind', {
  description: 'What was asked for.',
  values: {
    PERSON_EXPORT: { description: 'What is known of a person, to be taken along.' },
    PERSON_ERASURE: { description: 'A person, to be erased.' },
    ORGANIZATION_EXPORT: { description: 'Everything, to be taken along.' },
    ORGANIZATION_ERASURE: { description: 'The whole organisation, to be erased.' },
  } satisfies Record<RequestKind, { description: string }>,
})

const PrivacyRequestStateEnum = builder.enumType('PrivacyRequestState', {
  description: 'How far a request is.',
  values: {
    PENDING: { description: 'A second person has to say yes: see the approval.' },
    SCHEDULED: { description: 'It begins when it is due, unless somebody cancels it.' },
    RUNNING: { description: 'It is being done, also after an interruption.' },
    DONE: { description: 'It is done. An archive can be taken for a day; an erasure has its receipt.' },
    REJECTED: {
      description:
        'The second person said no, nobody decided in time, the proposal was taken back, or it could not be carried out any more: whoever is to be erased has become the last owner.',
    },
    CANCELLED: { description: 'Somebody took it back.' },
    EXPIRED: { description: 'The archive has been removed, or was given up because somebody was erased meanwhile.' },
    FAILED: { description: 'There will be no archive: `failure` says why. It can be asked for again.' },
  } satisfies Record<RequestState, { description: string }>,
})

const PrivacyRequestFailureEnum = builder.enumType('PrivacyRequestFailure', {
  description: 'Why an archive could not be made.',
  values: {
    TOO_LARGE: { description: 'It would be larger than an archive can be (64 GB).' },
    UNREADABLE: { description: 'Something that belongs into it could not be read, however often it was tried.' },
    UNAVAILABLE: { description: 'A part of the installation that it needs was away for too long.' },
  } satisfies Record<ExportFailure, { description: string }>,
})

export const PrivacyRequestRef = builder.objectRef<PrivacyRequest>('PrivacyRequest').implement({
  description: 'Something that was asked about personal data. It says nothing of whom it is about.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Also the id of the receipt.' }),
    kind: t.expose('kind', { type: PrivacyRequestKindEnum, description: 'What was asked for.' }),
    state: t.expose('state', { type: PrivacyRequestStateEnum, description: 'How far it is.' }),
    choice: t.expose('choice', {
      type: ErasureChoiceEnum,
      nullable: true,
      description: 'Of an erasure: what becomes of documents.',
    }),
    requestedBy: t.field({
      description: 'Who asked; null once the account is gone.',
      type: UserRef,
      nullable: true,
      resolve: ({ requestedBy }, _args, { users }) => (requestedBy ? users.load(requestedBy) : null),
    }),
    approvedBy: t.field({
      description: 'Who said yes.',
      type: UserRef,
      nullable: true,
      resolve: ({ approvedBy }, _args, { users }) => (approvedBy ? users.load(approvedBy) : null),
    }),
    approvalId: t.exposeID('approvalId', { nullable: true, description: 'What the second person decides on.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was asked for.' }),
    dueAt: t.expose('dueAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it begins; until then it can be cancelled.',
    }),
    finishedAt: t.expose('finishedAt', { type: 'DateTime', nullable: true, description: 'When it was over.' }),
    failure: t.expose('failure', {
      type: PrivacyRequestFailureEnum,
      nullable: true,
      description: 'Of an export that failed: why.',
    }),
    archiveUrl: t.string({
      nullable: true,
      description: 'GET it: the archive (ZIP), for a day. The link is the right.',
      resolve: (request, _args, context) =>
        archiveUrlOf(context.platform, requireScope(context, 'privacy:manage'), request),
    }),
    archiveExpiresAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the archive is removed.',
      resolve: ({ file }) => file?.expiresAt ?? null,
    }),
    receipt: t.string({
      nullable: true,
      description: 'Of an erasure that is done: what went and what stayed, signed, as JSON. Keep it.',
      resolve: ({ receipt }) => receipt && JSON.stringify(receipt, null, 2),
    }),
  }),
})

const PrivacyRequestsConnection = connectionType(builder, 'PrivacyRequestsConnection', { node: PrivacyRequestRef })

builder.queryField('privacyRequests', (t) =>
  t.field({
    description: 'What was asked about personal data, the newest first.',
    type: PrivacyRequestsConnection,
    args: pageArgs(t),
    resolve: async (_root, args, context) => {
      const viewer = requireScope(context, 'privacy:manage')
      const { sql: database, sealing } = context.platform
      return listRequests({ database, viewer, keys: await sealing.keysOf(viewer.organizationId) }, requirePage(args))
    },
  }),
)
