import type { AuditAuthor } from '@passerelle/platform/audit'
import type { StoredEntry } from '@passerelle/platform/audit/entries'
import { connectionType, NotAllowed, pageArgs, requirePage, requireScope } from '@passerelle/platform/schema'
import { listActions, listEntries } from './audit.store.ts'
import { linkAuditExport, type AuditExport, type AuditFormat } from './audit.ts'
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
  exportAuditLog: t.field({
    description: 'A link to the whole audit log as a file (`audit:read`). That it was made is an entry of the log.',
    type: AuditExportRef,
    errors: { types: [NotAllowed] },
    args: { format: t.arg({ type: AuditExportFormatEnum, required: true, description: 'What it is written as.' }) },
    resolve: (_root, { format }, context) =>
      linkAuditExport(context.platform, requireScope(context, 'audit:read'), format),
  }),
}))
