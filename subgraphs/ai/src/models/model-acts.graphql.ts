import { audit } from '@passerelle/platform/audit'
import { EngineUnavailable, InvalidInput, NotAllowed, NotFound, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { requireOperator } from './operator.policy.ts'
import { backUpModel, listModelBackups, removeModelBackup, restoreModel, type Backup } from './model-backup.ts'
import { UserStub } from '../stubs.ts'

const whose =
  'It changes the server of the whole installation, for every organisation on it, and needs `model:manage` (owners and administrators).'
const errors = { types: [NotAllowed, NotFound, InvalidInput, EngineUnavailable] }

const ModelBackupRef = builder.objectRef<Backup>('ModelBackup').implement({
  description:
    'A copy of a model under a dated name, at the server that has it. It shares the original’s weights, so that it costs no disk until the original changes, and it stays when the original is pulled anew or removed. It is not a copy elsewhere: a lost disk takes both.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Of the backup.' }),
    model: t.exposeString('model', { description: 'What was kept.' }),
    copy: t.exposeString('copy', { description: 'The name of the copy.' }),
    digest: t.exposeString('digest', { nullable: true, description: 'Of the weights that were kept.' }),
    sizeBytes: t.exposeFloat('sizeBytes', { nullable: true, description: 'What it would take alone.' }),
    madeAt: t.expose('madeAt', { type: 'DateTime', description: 'When.' }),
    madeBy: t.field({
      description: 'By whom; null for who may not see the members.',
      type: UserStub,
      nullable: true,
      resolve: ({ madeBy }) => (madeBy ? { id: madeBy } : null),
    }),
    available: t.exposeBoolean('available', { description: 'False when the copy is gone, or its server away.' }),
  }),
})

builder.queryField('modelBackups', (t) =>
  t.field({
    description: 'The backups that the organisation has made, the newest first (`model:manage`).',
    type: [ModelBackupRef],
    resolve: (_root, _args, context) => listModelBackups(context.platform, requireScope(context, 'model:manage')),
  }),
)

const RemovedModelRef = builder.objectRef<{ name: string }>('RemovedModel').implement({
  description: 'A model that is gone.',
  fields: (t) => ({ name: t.exposeString('name', { description: 'What it was called.' }) }),
})

builder.mutationFields((t) => ({
  removeModel: t.field({
    description: `Removes a model from its server. Calls that are being answered by it end as the server ends them. ${whose}`,
    type: RemovedModelRef,
    errors,
    args: { name: t.arg.string({ required: true, description: 'Of the model; without a tag, its `latest`.' }) },
    resolve: async (_root, { name }, context) => {
      const viewer = requireOperator(context)
      await context.platform.models.library.remove(name)
      await context.platform.sql.withOrganization(viewer, async (tx) =>
        audit(tx, { action: 'model.removed', subject: { kind: 'Model', id: name } }),
      )
      return { name }
    },
  }),
  backUpModel: t.field({
    description: `Keeps a model as it is now, under a dated name at its server; the server gives out no weights, so that there is no file of it. ${whose}`,
    type: ModelBackupRef,
    errors,
    args: { name: t.arg.string({ required: true, description: 'Of the model; without a tag, its `latest`.' }) },
    resolve: (_root, { name }, context) => backUpModel(context.platform, requireOperator(context), name),
  }),
  restoreModel: t.field({
    description: `Gives a model back what a backup kept of it, in place of what has its name now. ${whose}`,
    type: ModelBackupRef,
    errors,
    args: { id: t.arg.id({ required: true, description: 'Of the backup.' }) },
    resolve: (_root, { id }, context) => restoreModel(context.platform, requireOperator(context), id),
  }),
  removeModelBackup: t.field({
    description: `Removes a backup and its copy. ${whose}`,
    type: ModelBackupRef,
    errors,
    args: { id: t.arg.id({ required: true, description: 'Of the backup.' }) },
    resolve: (_root, { id }, context) => removeModelBackup(context.platform, requireOperator(context), id),
  }),
}))
