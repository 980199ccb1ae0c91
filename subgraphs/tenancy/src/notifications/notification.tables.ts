import type { Generated, Selectable } from 'kysely'
import type { MailCadence, NoticeKind } from './notification.rules.ts'
import type { Language } from '../webhooks/webhook.tables.ts'

/** The rows of what people are told, and how. */
export type NotificationTables = {
  'tenancy.notification': {
    id: string
    organization_id: string
    user_id: string
    kind: NoticeKind
    subject_id: string
    topic: string
    params: unknown
    fact_position: number
    created_at: Generated<Date>
    shown: boolean
    read_at: Date | null
    archived_at: Date | null
    mail: MailCadence
    letter_id: string | null
  }
  'tenancy.notification_preference': {
    organization_id: string
    user_id: string
    kind: NoticeKind
    in_app: boolean
    mail: MailCadence
  }
  'tenancy.notification_settings': {
    organization_id: string
    user_id: string
    language: Language
    time_zone: string
    digest_hour: number
    quiet_from: number | null
    quiet_to: number | null
  }
  'tenancy.notification_letter': {
    id: string
    organization_id: string
    user_id: string
    cadence: 'NOW' | 'DIGEST'
    due_at: Date
    closed_at: Date | null
  }
}

export type NotificationRow = Selectable<NotificationTables['tenancy.notification']>
