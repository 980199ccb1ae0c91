import { InvalidInput, NotAllowed, requirePerson } from '@passerelle/platform/schema'
import { builder } from '../builder.ts'
import {
  listPreferences,
  readSettings,
  setPreference,
  setSettings,
  type Preference,
  type Settings,
} from './notification-preference.ts'
import { KindEnum } from './notification.graphql.ts'
import type { MailCadence } from './notification.rules.ts'
import { LanguageEnum } from '../webhooks/webhook.graphql.ts'

const CadenceEnum = builder.enumType('NotificationMail', {
  description: 'Whether a kind of notice is written to a person by mail.',
  values: {
    NOW: { description: 'Within minutes, together with others of that time, but not in the quiet hours.' },
    DIGEST: { description: 'Once a day, with all others.' },
    OFF: { description: 'Not at all.' },
  } satisfies Record<MailCadence, object>,
})

const PreferenceRef = builder.objectRef<Preference>('NotificationPreference').implement({
  description: 'How a person hears of a kind of notice.',
  fields: (t) => ({
    kind: t.expose('kind', { type: KindEnum, description: 'The kind.' }),
    inApp: t.exposeBoolean('inApp', { description: 'Whether it is shown in the application.' }),
    mail: t.expose('mail', { type: CadenceEnum, description: 'Whether it is written by mail.' }),
  }),
})

const SettingsRef = builder.objectRef<Settings>('NotificationSettings').implement({
  description: 'When and in what language a person is written to.',
  fields: (t) => ({
    language: t.expose('language', { type: LanguageEnum, description: 'Of mails.' }),
    timeZone: t.exposeString('timeZone', { description: 'Such as Europe/Paris.' }),
    digestHour: t.exposeInt('digestHour', {
      description: 'The hour of the day, 0 to 23, at which the daily message goes.',
    }),
    quietFrom: t.exposeInt('quietFrom', {
      nullable: true,
      description: 'From this hour on no mail goes; null for no quiet hours.',
    }),
    quietTo: t.exposeInt('quietTo', { nullable: true, description: 'Until this hour.' }),
  }),
})

builder.queryFields((t) => ({
  notificationPreferences: t.field({
    description: 'How the person who asks hears of each kind, as they have said or as is usual.',
    type: [PreferenceRef],
    resolve: (_root, _args, context) => listPreferences(context.platform.sql, requirePerson(context)),
  }),
  notificationSettings: t.field({
    description: 'When and in what language the person who asks is written to.',
    type: SettingsRef,
    resolve: (_root, _args, context) => readSettings(context.platform.sql, requirePerson(context)),
  }),
}))

const PreferenceInput = builder.inputType('NotificationPreferenceInput', {
  description: 'How to hear of a kind from now on.',
  fields: (t) => ({
    kind: t.field({ type: KindEnum, required: true, description: 'The kind.' }),
    inApp: t.boolean({ required: true, description: 'Whether it is shown in the application.' }),
    mail: t.field({ type: CadenceEnum, required: true, description: 'Whether it is written by mail.' }),
  }),
})

const SettingsInput = builder.inputType('NotificationSettingsInput', {
  description: 'When and in what language to be written to from now on.',
  fields: (t) => ({
    language: t.field({ type: LanguageEnum, required: true, description: 'Of mails.' }),
    timeZone: t.string({ required: true, description: 'Such as Europe/Paris.' }),
    digestHour: t.int({ required: true, description: '0 to 23.' }),
    quietFrom: t.int({ description: '0 to 23; null for no quiet hours.' }),
    quietTo: t.int({ description: '0 to 23.' }),
  }),
})

builder.mutationFields((t) => ({
  setNotificationPreference: t.field({
    description: 'Says how the person hears of a kind of notice from now on.',
    type: PreferenceRef,
    errors: { types: [NotAllowed] },
    args: { input: t.arg({ type: PreferenceInput, required: true, description: 'The kind and how.' }) },
    resolve: (_root, { input }, context) => setPreference(context.platform.sql, requirePerson(context), input),
  }),
  setNotificationSettings: t.field({
    description: 'Says when and in what language the person is written to from now on.',
    type: SettingsRef,
    errors: { types: [NotAllowed, InvalidInput] },
    args: { input: t.arg({ type: SettingsInput, required: true, description: 'When and how.' }) },
    resolve: (_root, { input }, context) => setSettings(context.platform.sql, requirePerson(context), input),
  }),
}))
