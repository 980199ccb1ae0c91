import { z } from 'zod'
import { parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Sql } from '@passerelle/platform/sql'
import { findSettings, loadPreferences, savePreference, saveSettings } from './notification-preference.store.ts'
import { isTimeZone, type Hours } from './notification.clock.ts'
import { noticeKinds, noticeRules, type MailCadence, type NoticeKind, type NoticeRule } from './notification.rules.ts'
import type { Language } from '../webhooks/webhook.tables.ts'

/** How a person hears of one kind. */
export interface Preference {
  kind: NoticeKind
  inApp: boolean
  mail: MailCadence
}

export interface Settings extends Hours {
  language: Language
}

export type Person = Viewer & { userId: string }

/** How people are written to who have said nothing. */
export const usualSettings: Settings = {
  language: 'FR',
  timeZone: 'Europe/Paris',
  digestHour: 8,
  quietFrom: null,
  quietTo: null,
}

const rules = new Map<NoticeKind, NoticeRule>(noticeRules.map((rule) => [rule.kind, rule]))

/** How people hear of a kind who have not said otherwise. */
export function usualOf(kind: NoticeKind): Preference {
  return { kind, ...(rules.get(kind)?.usual ?? { inApp: true, mail: 'OFF' as const }) }
}

/** How the person hears of each kind, whether said or usual. */
export async function listPreferences(sql: Sql, person: Person): Promise<Preference[]> {
  const said = await sql.withOrganization(person, (tx) => loadPreferences(tx, [person.userId]))
  const byKind = new Map(said.map((each) => [each.kind, each]))
  return noticeKinds.map((kind) => byKind.get(kind) ?? usualOf(kind))
}

/** How the person is to hear of a kind from now on. */
export async function setPreference(sql: Sql, person: Person, preference: Preference): Promise<Preference> {
  const { organizationId, userId } = person
  await sql.withOrganization(person, (tx) => savePreference(tx, { ...preference, organizationId, userId }))
  return preference
}

export async function readSettings(sql: Sql, person: Person): Promise<Settings> {
  return (await sql.withOrganization(person, (tx) => findSettings(tx, person.userId))) ?? usualSettings
}

const hour = z.int().min(0, 'An hour is 0 to 23.').max(23, 'An hour is 0 to 23.')
const settingsInput = z
  .object({
    language: z.enum(['FR', 'EN']),
    timeZone: z.string().max(100).refine(isTimeZone, 'This is not a time zone, such as Europe/Paris.'),
    digestHour: hour,
    quietFrom: hour.nullish(),
    quietTo: hour.nullish(),
  })
  .refine(({ quietFrom, quietTo }) => (quietFrom ?? null) === null || (quietTo ?? null) !== null, {
    path: ['quietTo'],
    error: 'Quiet hours have an end.',
  })

/** When and in what language the person is to be written to. */
export async function setSettings(sql: Sql, person: Person, input: z.input<typeof settingsInput>): Promise<Settings> {
  const { quietFrom, quietTo, ...rest } = parseInput(settingsInput, input)
  const isQuiet = quietFrom !== null && quietFrom !== undefined
  const settings: Settings = {
    ...rest,
    quietFrom: isQuiet ? quietFrom : null,
    quietTo: isQuiet ? (quietTo ?? null) : null,
  }
  const { organizationId, userId } = person
  await sql.withOrganization(person, (tx) => saveSettings(tx, { ...settings, organizationId, userId }))
  return settings
}
