import { InvalidInput, NotAllowed, requirePerson, requireScope } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import { listRetention, previewRetention, setRetention, type Retention } from './retention.ts'
import { UserRef } from '../people/user.graphql.ts'

const RetentionRuleRef = builder.objectRef<Retention>('RetentionRule').implement({
  description: 'How long the organisation keeps one kind of thing.',
  fields: (t) => ({
    noun: t.string({
      description: 'Of what: `documents.INVOICE`, `ai.conversation`, `platform.mail` …',
      resolve: ({ noun }) => noun.noun,
    }),
    days: t.int({
      nullable: true,
      description: 'What is older goes, within a day; null: everything stays.',
      resolve: ({ rule }) => rule?.days ?? null,
    }),
    legalMinimumDays: t.int({
      description: 'The law asks for at least so many; 0 where it asks for nothing.',
      resolve: ({ noun }) => noun.legalMinimumDays,
    }),
    setBy: t.field({
      description: 'Who made the rule.',
      type: UserRef,
      nullable: true,
      resolve: ({ rule }, _args, { users }) => (rule?.setBy ? users.load(rule.setBy) : null),
    }),
    setAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it was made.',
      resolve: ({ rule }) => rule?.setAt ?? null,
    }),
    appliedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When it last ran to its end.',
      resolve: ({ rule }) => rule?.appliedAt ?? null,
    }),
    removed: t.int({
      description: 'How many it has removed so far.',
      resolve: ({ rule }) => rule?.removed ?? 0,
    }),
  }),
})

builder.queryField('retentionRules', (t) =>
  t.field({
    description: 'Every kind of thing that may be kept for a time only, with the rule for it when there is one.',
    type: [RetentionRuleRef],
    resolve: (_root, _args, context) => listRetention(context.platform, requireScope(context, 'privacy:manage')),
  }),
)

builder.queryField('retentionPreview', (t) =>
  t.field({
    description: 'How many things would go by such a rule, if it ran now. Nothing is changed.',
    type: 'Int',
    args: {
      noun: t.arg.string({ required: true, description: 'Of what: the `noun` of one of `retentionRules`.' }),
      days: t.arg.int({ required: true, description: 'What is older would go.' }),
    },
    resolve: (_root, args, context) =>
      previewRetention(context.platform, requireScope(context, 'privacy:manage'), args),
  }),
)

builder.mutationField('setRetentionRule', (t) =>
  t.field({
    description:
      'Gives a kind of thing a rule, or takes its rule away. It runs within the hour, and every day from then on.',
    type: RetentionRuleRef,
    errors: { types: [NotAllowed, InvalidInput] },
    args: {
      noun: t.arg.string({ required: true, description: 'Of what: the `noun` of one of `retentionRules`.' }),
      days: t.arg.int({ description: 'What is older goes; without it everything stays.' }),
    },
    resolve: (_root, { noun, days }, context) =>
      setRetention(context.platform, requirePerson(context, 'privacy:manage'), { noun, days: days ?? null }),
  }),
)
