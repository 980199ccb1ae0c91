import type { AuditAuthor } from '@passerelle/platform/audit'
import type { StoredEntry } from '@passerelle/platform/audit/entries'
import type { GuardFault, GuardFaultKind } from '@passerelle/platform/audit/guards'
import type { AuditFault, AuditFaultKind } from '@passerelle/platform/audit/verify'
import {
  connectionType,
  EngineUnavailable,
  NotAllowed,
  pageArgs,
  requirePage,
  requireScope,
} from '@passerelle/platform/schema'
import { listActions, listEntries } from './audit.store.ts'
import { linkAuditExport, verifyLog, type AuditExport, type AuditFormat, type AuditVerification } from './audit.ts'
import { builder } from '../builder.ts'
import { UserRef } from '../people/user.graphql.ts'

const AuditAuthorEnum = builder.enumType('AuditAuthor', {
  description: 'Who did something.',
  values: {
    PERSON: { description: 'A person.' },
    KEY: { description: 'A program with an API key.' },
    AI: { description: 'An AI, for the person whom the entry names.' },
    SERVICE: { description: 'The house itself.' },
  } satisfies Record<AuditAuthor, { description: string }>,
})

const AuditEntryRef = builder.objectRef<StoredEntry>('AuditEntry').implement({
  description:
    'Something that was done, as it is written down for good: who, when, in which request, what and to what. It holds ids and codes, never what people have written.',
  fields: (t) => ({
    position: t.string({
      description: 'Its place in the organisation’s chain, from 1 on and without gaps.',
      resolve: ({ position }) => String(position),
    }),
    occurredAt: t.expose('occurredAt', { type: 'DateTime', description: 'When.' }),
    author: t.field({
      description: 'Who did it.',
      type: AuditAuthorEnum,
      resolve: ({ author }) => author as AuditAuthor,
    }),
    userId: t.exposeID('userId', { nullable: true, description: 'The person who did it, or for whom an AI did.' }),
    user: t.field({
      description: 'The same person; null for who may not see the members, and once the account is gone.',
      type: UserRef,
      nullable: true,
      resolve: ({ userId }, _args, { users }) => (userId ? users.load(userId) : null),
    }),
    keyId: t.exposeID('keyId', { nullable: true, description: 'The API key that did it.' }),
    sessionId: t.exposeID('sessionId', { nullable: true, description: 'The session that it was done in.' }),
    requestId: t.exposeString('requestId', { nullable: true, description: 'The request, as in the log of the house.' }),
    caller: t.exposeString('caller', { nullable: true, description: 'The network that the request came from.' }),
    action: t.exposeString('action', { description: 'What was done, such as `api_key.created`.' }),
    subjectKind: t.exposeString('subjectKind', { nullable: true, description: 'What kind of thing it was done to.' }),
    subjectId: t.exposeID('subjectId', { nullable: true, description: 'What it was done to.' }),
    detail: t.field({
      description: 'Ids, codes and counts.',
      type: 'JSON',
      resolve: ({ detail }) => JSON.parse(detail),
    }),
    hash: t.string({
      description: 'SHA-256 over the hash before it and the entry, hex.',
      resolve: ({ hash }) => hash.toString('hex'),
    }),
  }),
})

const AuditEntriesConnection = connectionType(builder, 'AuditEntriesConnection', { node: AuditEntryRef })

const AuditFilterInput = builder.inputType('AuditFilter', {
  description: 'Which entries: those that match all that is given.',
  fields: (t) => ({
    authors: t.field({ type: [AuditAuthorEnum], description: 'By one of these.' }),
    userId: t.id({ description: 'By this person, or by an AI for them.' }),
    keyId: t.id({ description: 'With this API key.' }),
    actions: t.stringList({ description: 'One of these actions.' }),
    subjectKind: t.string({ description: 'Done to things of this kind.' }),
    subjectId: t.id({ description: 'Done to this thing.' }),
    from: t.field({ type: 'DateTime', description: 'From this moment on.' }),
    until: t.field({ type: 'DateTime', description: 'Before this moment.' }),
  }),
})

builder.queryFields((t) => ({
  auditEntries: t.field({
    description: 'What was done in the organisation, the newest first (`audit:read`).',
    type: AuditEntriesConnection,
    args: { ...pageArgs(t), filter: t.arg({ type: AuditFilterInput, description: 'All of them unless told.' }) },
    resolve: (_root, { filter, ...args }, context) =>
      listEntries(context.platform.sql, requireScope(context, 'audit:read'), {
        filter: filter ?? {},
        page: requirePage(args),
      }),
  }),
  auditActions: t.stringList({
    description: 'Every action that the organisation’s log has (`audit:read`).',
    resolve: (_root, _args, context) => listActions(context.platform.sql, requireScope(context, 'audit:read')),
  }),
}))

const AuditFaultKindEnum = builder.enumType('AuditFaultKind', {
  description: 'What is wrong with an audit log.',
  values: {
    CHANGED: { description: 'An entry is not what was written, or not where it was.' },
    MISSING: { description: 'An entry was taken out.' },
    TRUNCATED: { description: 'The end is gone.' },
    FORGED: { description: 'The chain is whole, and is not the one that was signed.' },
    SEAL: { description: 'A signature kept outside the database is not ours.' },
  } satisfies Record<AuditFaultKind, { description: string }>,
})

const AuditFaultRef = builder.objectRef<AuditFault>('AuditFault').implement({
  description: 'Where an audit log is not what was written.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AuditFaultKindEnum, description: 'What is wrong.' }),
    position: t.string({
      description: 'The first entry that is not as it was; of a forged chain the first that may not be.',
      resolve: ({ position }) => String(position),
    }),
    message: t.exposeString('message', { description: 'One sentence in English.' }),
  }),
})

const AuditGuardFaultKindEnum = builder.enumType('AuditGuardFaultKind', {
  description: 'What no longer keeps an audit log from being changed.',
  values: {
    TRIGGER: { description: 'What refuses changes is gone, turned off, or lets some pass.' },
    PRIVILEGE: { description: 'A role of the database has a right that nobody is given.' },
    ROW_SECURITY: { description: 'An organisation is not kept from the entries of another.' },
    OWNER: { description: 'The application may act as the owner of the table.' },
  } satisfies Record<GuardFaultKind, { description: string }>,
})

const AuditGuardFaultRef = builder.objectRef<GuardFault>('AuditGuardFault').implement({
  description: 'What no longer keeps an audit log from being changed, in the database of the installation.',
  fields: (t) => ({
    kind: t.expose('kind', { type: AuditGuardFaultKindEnum, description: 'What it is.' }),
    table: t.exposeString('table', { description: 'The table that it is of.' }),
    message: t.exposeString('message', { description: 'One sentence in English.' }),
  }),
})

const AuditVerificationRef = builder.objectRef<AuditVerification>('AuditVerification').implement({
  description: 'What became of looking at every entry of an audit log.',
  fields: (t) => ({
    entries: t.exposeInt('entries', { description: 'How many entries there are.' }),
    head: t.exposeString('head', {
      description: 'The hash of the last one: the whole log in one line, to keep elsewhere.',
    }),
    fault: t.expose('fault', {
      type: AuditFaultRef,
      nullable: true,
      description: 'The first that was found; null when every entry is what was written.',
    }),
    guardFaults: t.expose('guardFaults', {
      type: [AuditGuardFaultRef],
      description: 'What no longer keeps it from being changed, whether that was done or not; empty when all does.',
    }),
    anchors: t.exposeInt('anchors', { description: 'How many signatures outside the database hold it.' }),
    anchoredTo: t.string({
      description: 'Up to which entry they do.',
      resolve: ({ anchoredTo }) => String(anchoredTo),
    }),
    lastAnchoredAt: t.expose('lastAnchoredAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last one was made.',
    }),
    verifiedAt: t.expose('verifiedAt', { type: 'DateTime', description: 'When it was looked at.' }),
  }),
})

const AuditExportFormatEnum = builder.enumType('AuditExportFormat', {
  description: 'What an audit log is written as.',
  values: {
    CSV: { description: 'One entry a line. Text that looks like a formula begins with an apostrophe.' },
    JSONL: { description: 'One JSON object a line, with everything that the hashes are made of.' },
  } satisfies Record<AuditFormat, { description: string }>,
})

const AuditExportRef = builder.objectRef<AuditExport>('AuditExport').implement({
  description: 'A file with the audit log, written while it is downloaded.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description: 'GET it, relative to the API’s origin; the link is the right, and good for a quarter of an hour.',
    }),
    filename: t.exposeString('filename', { description: 'What it is saved as.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When the link ends.' }),
  }),
})

builder.mutationFields((t) => ({
  verifyAuditLog: t.field({
    description:
      'Looks at every entry of the organisation’s audit log, at the signatures outside the database, and at what guards the log (`audit:read`). That it was looked at is an entry too.',
    type: AuditVerificationRef,
    errors: { types: [NotAllowed, EngineUnavailable] },
    resolve: (_root, _args, context) => verifyLog(context.platform, requireScope(context, 'audit:read')),
  }),
  exportAuditLog: t.field({
    description: 'A link to the whole audit log as a file (`audit:read`). That it was made is an entry of the log.',
    type: AuditExportRef,
    errors: { types: [NotAllowed] },
    args: { format: t.arg({ type: AuditExportFormatEnum, required: true, description: 'What it is written as.' }) },
    resolve: (_root, { format }, context) =>
      linkAuditExport(context.platform, requireScope(context, 'audit:read'), format),
  }),
}))
