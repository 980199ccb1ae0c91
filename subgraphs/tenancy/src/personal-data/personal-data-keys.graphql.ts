import { NotAllowed, requirePerson, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { readSealingState, rotateKeys, type SealingState } from './personal-data-keys.ts'

const SealingKeyRef = builder.objectRef<SealingState['keys'][number]>('SealingKey').implement({
  description: 'A key of the organisation. What it is nobody is told.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Stands in what it has closed.' }),
    purpose: t.exposeString('purpose', { description: '`SEAL` closes fields, `INDEX` finds them by a whole value.' }),
    number: t.exposeInt('number', { description: 'The how-many-th of its purpose.' }),
    master: t.exposeString('master', { description: 'Which master key of the installation wraps it.' }),
    writes: t.exposeBoolean('writes', { description: 'Whether what is written now is closed with it.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    writesFrom: t.expose('writesFrom', { type: 'DateTime', description: 'From when on it closes what is written.' }),
  }),
})

const SealedTableRef = builder.objectRef<SealingState['tables'][number]>('SealedTable').implement({
  description: 'Where personal fields are, and how many are closed with the key of now.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Such as `conciergerie.client`.' }),
    columns: t.exposeStringList('columns', { description: 'Which of its fields are sealed.' }),
    outdated: t.exposeInt('outdated', { description: 'How many rows an older key still closes, or none.' }),
  }),
})

const SealingStateRef = builder.objectRef<SealingState>('SealingState').implement({
  description: 'How the personal fields of the organisation are sealed.',
  fields: (t) => ({
    keys: t.expose('keys', { type: [SealingKeyRef], description: 'Its keys, the oldest first.' }),
    tables: t.expose('tables', { type: [SealedTableRef], description: 'Where they are used.' }),
  }),
})

builder.queryField('sealing', (t) =>
  t.field({
    description: 'The keys of the organisation, and what they close.',
    type: SealingStateRef,
    resolve: (_root, _args, context) => readSealingState(context.platform, requireScope(context, 'privacy:manage')),
  }),
)

builder.mutationField('rotateSealingKey', (t) =>
  t.field({
    description:
      'Makes a new key for what is written from now on, and has what is there closed with it, while everything serves.',
    type: SealingStateRef,
    errors: { types: [NotAllowed] },
    resolve: (_root, _args, context) => rotateKeys(context.platform, requirePerson(context, 'privacy:manage')),
  }),
)
