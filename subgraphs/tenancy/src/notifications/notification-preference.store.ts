import type { Tx } from '@passerelle/platform/sql'
import type { Preference, Settings } from './notification-preference.ts'
import type { NoticeKind } from './notification.rules.ts'
import type { NotificationTables } from './notification.tables.ts'

/** What people have said of some kinds, or of all. */
export async function loadPreferences(
  tx: Tx,
  userIds: readonly string[],
  kind?: NoticeKind,
): Promise<(Preference & { userId: string })[]> {
  if (userIds.length === 0) return []
  const query = tx
    .withTables<NotificationTables>()
    .selectFrom('tenancy.notification_preference')
    .select(['user_id as userId', 'kind', 'in_app as inApp', 'mail'])
    .where('user_id', 'in', userIds)
  return (kind ? query.where('kind', '=', kind) : query).execute()
}

export async function savePreference(
  tx: Tx,
  { organizationId, userId, kind, inApp, mail }: Preference & { organizationId: string; userId: string },
): Promise<void> {
  await tx
    .withTables<NotificationTables>()
    .insertInto('tenancy.notification_preference')
    .values({ organization_id: organizationId, user_id: userId, kind, in_app: inApp, mail })
    .onConflict((conflict) =>
      conflict.columns(['organization_id', 'user_id', 'kind']).doUpdateSet({ in_app: inApp, mail }),
    )
    .execute()
}

/** Null for who has said nothing. */
export async function findSettings(tx: Tx, userId: string): Promise<Settings | null> {
  const row = await tx
    .withTables<NotificationTables>()
    .selectFrom('tenancy.notification_settings')
    .select([
      'language',
      'time_zone as timeZone',
      'digest_hour as digestHour',
      'quiet_from as quietFrom',
      'quiet_to as quietTo',
    ])
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row ?? null
}

export async function saveSettings(
  tx: Tx,
  { organizationId, userId, ...settings }: Settings & { organizationId: string; userId: string },
): Promise<void> {
  const values = {
    language: settings.language,
    time_zone: settings.timeZone,
    digest_hour: settings.digestHour,
    quiet_from: settings.quietFrom,
    quiet_to: settings.quietTo,
  }
  await tx
    .withTables<NotificationTables>()
    .insertInto('tenancy.notification_settings')
    .values({ organization_id: organizationId, user_id: userId, ...values })
    .onConflict((conflict) => conflict.columns(['organization_id', 'user_id']).doUpdateSet(values))
    .execute()
}
