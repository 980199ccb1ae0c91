import type { GuardFault, GuardFaultKind } from '@passerelle/platform/audit/guards'
import type { AuditFault, AuditFaultKind } from '@passerelle/platform/audit/verify'
import { EngineUnavailable, NotAllowed, requireScope } from '@passerelle/platform/schema'
import { verifyLog, type AuditVerification } from './audit.ts'
import { builder } from '../builder.ts'

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

builder.mutationFields((t) => ({
  verifyAuditLog: t.field({
    description:
      'Looks at every entry of the organisation’s audit log, at the signatures outside the database, and at what guards the log (`audit:read`). That it was looked at is an entry too.',
    type: AuditVerificationRef,
    errors: { types: [NotAllowed, EngineUnavailable] },
    resolve: (_root, _args, context) => verifyLog(context.platform, requireScope(context, 'audit:read')),
  }),
}))
