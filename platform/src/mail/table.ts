import { newId } from '../ids/ids.ts'
import type { Sql } from '../sql/sql.ts'
import type { Mail, MailMessage } from './mail.ts'
import { requireMessage } from './message.ts'

export interface TableMail extends Mail {
  /** The newest messages of one organisation, at most `limit` (100 unless given). */
  sent(viewer: { organizationId: string }, limit?: number): Promise<SentMail[]>
}

export interface SentMail extends Omit<MailMessage, 'organizationId'> {
  id: string
  sentAt: Date
}

type Tables = {
  'platform.mail': {
    id: string
    organization_id: string
    recipient: string
    subject: string
    text: string
    created_at?: Date
  }
}

/** Mail without a mail server: messages stay in PostgreSQL, where their organisation reads them. */
export function openTableMail({ sql }: { sql: Sql }): TableMail {
  return {
    async send(message) {
      const { organizationId, to, subject, text } = requireMessage(message)
      const row = { id: newId('msg'), organization_id: organizationId, recipient: to, subject, text }
      await sql.withOrganization({ organizationId }, (tx) =>
        tx.withTables<Tables>().insertInto('platform.mail').values(row).execute(),
      )
    },
    async sent({ organizationId }, limit = 100) {
      const rows = await sql.withOrganization({ organizationId }, (tx) =>
        tx.withTables<Tables>().selectFrom('platform.mail').selectAll().orderBy('id', 'desc').limit(limit).execute(),
      )
      return rows.map(({ id, recipient, subject, text, created_at }) => ({
        id,
        to: recipient,
        subject,
        text,
        sentAt: created_at ?? new Date(0),
      }))
    },
    health: () => sql.health(),
    async close() {},
  }
}
