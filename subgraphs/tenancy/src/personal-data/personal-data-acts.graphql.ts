import { readReceipt, verifyReceipt } from '@passerelle/platform/privacy'
import {
  InvalidInput,
  NotAllowed,
  NotFound,
  QuotaExceeded,
  requirePerson,
  requireScope,
} from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { receiptUrlOf } from './personal-data.http.ts'
import { DataSubjectInput, ErasureChoiceEnum, PrivacyRequestRef } from './personal-data.graphql.ts'
import { cancelRequest, requestErasure, requestExport, requestOrganizationErasure } from './personal-data-request.ts'
import type { PrivacyRequest } from './personal-data-request.store.ts'

builder.mutationField('exportPersonalData', (t) =>
  t.field({
    description:
      'Puts what is known of a person into an archive, in the background. Look through it before it is handed out: documents name others too. 50 in a day at most.',
    type: PrivacyRequestRef,
    errors: { types: [NotAllowed, NotFound, InvalidInput, QuotaExceeded] },
    args: { subject: t.arg({ type: DataSubjectInput, required: true, description: 'Whose.' }) },
    resolve: (_root, { subject }, context) =>
      requestExport(context.platform, requirePerson(context, 'privacy:manage'), subject),
  }),
)

builder.mutationField('exportOrganization', (t) =>
  t.field({
    description:
      'Puts everything of the organisation into an archive, in the background. For owners; three times in a day at most.',
    type: PrivacyRequestRef,
    errors: { types: [NotAllowed, QuotaExceeded] },
    resolve: (_root, _args, context) => requestExport(context.platform, requirePerson(context, 'privacy:manage'), null),
  }),
)

builder.mutationField('erasePersonalData', (t) =>
  t.field({
    description:
      'Asks for a person to be erased from every store. It begins once a second person has said yes (`PERSON_ERASURE` among the approvals); there is no way back.',
    type: PrivacyRequestRef,
    errors: { types: [NotAllowed, NotFound, InvalidInput, QuotaExceeded] },
    args: {
      subject: t.arg({ type: DataSubjectInput, required: true, description: 'Whom.' }),
      choice: t.arg({
        type: ErasureChoiceEnum,
        required: true,
        description: 'What becomes of documents that name them.',
      }),
    },
    resolve: (_root, { subject, choice }, context) =>
      requestErasure(context.platform, requirePerson(context, 'privacy:manage'), { input: subject, choice }),
  }),
)

const OrganizationErasureRef = builder
  .objectRef<{ request: PrivacyRequest; receiptToken: string }>('OrganizationErasure')
  .implement({
    description: 'The organisation is to be erased.',
    fields: (t) => ({
      request: t.expose('request', { type: PrivacyRequestRef, description: 'It can be cancelled until it is due.' }),
      receiptUrl: t.string({
        description:
          'GET it when all is gone: the signed receipt. It is shown this once, and nobody can find it again.',
        resolve: ({ receiptToken }) => receiptUrlOf(receiptToken),
      }),
    }),
  })

builder.mutationField('eraseOrganization', (t) =>
  t.field({
    description:
      'Has everything of the organisation erased after seven days (the installation may set another number): rows, files, search, graph, keys. For owners; any of them can cancel it until then.',
    type: OrganizationErasureRef,
    errors: { types: [NotAllowed, NotFound, InvalidInput] },
    args: {
      confirmation: t.arg.string({ required: true, description: 'The name of the organisation, as it is written.' }),
    },
    resolve: (_root, { confirmation }, context) =>
      requestOrganizationErasure(context.platform, requirePerson(context, 'privacy:manage'), confirmation),
  }),
)

builder.mutationField('cancelPrivacyRequest', (t) =>
  t.field({
    description: 'Takes back a request that has not begun.',
    type: PrivacyRequestRef,
    errors: { types: [NotAllowed, NotFound, InvalidInput] },
    args: { id: t.arg.id({ required: true, description: 'Of the request.' }) },
    resolve: (_root, { id }, context) => cancelRequest(context.platform, requirePerson(context, 'privacy:manage'), id),
  }),
)

const ReceiptVerificationRef = builder
  .objectRef<{ isReceipt: boolean; isSigned: boolean; isOurs: boolean }>('ReceiptVerification')
  .implement({
    description: 'What a text is that somebody holds for a receipt.',
    fields: (t) => ({
      isReceipt: t.exposeBoolean('isReceipt', { description: 'It has the form of one.' }),
      isSigned: t.exposeBoolean('isSigned', {
        description: 'Nothing of it was changed since it was signed with its key.',
      }),
      isOurs: t.exposeBoolean('isOurs', { description: 'That key is this installation’s.' }),
    }),
  })

builder.queryField('verifyReceipt', (t) =>
  t.field({
    description: 'Whether a receipt of an erasure holds.',
    type: ReceiptVerificationRef,
    args: { receipt: t.arg.string({ required: true, description: 'The JSON, as it was kept.' }) },
    resolve: async (_root, { receipt: text }, context) => {
      requireScope(context, 'privacy:manage')
      const read = text.length <= 1_000_000 ? readReceipt(text) : null
      if (!read) return { isReceipt: false, isSigned: false, isOurs: false }
      const isSigned = verifyReceipt(read, read.publicKey)
      const { publicKey } = await context.platform.sealing.signer()
      return { isReceipt: true, isSigned, isOurs: isSigned && read.publicKey === publicKey }
    },
  }),
)
