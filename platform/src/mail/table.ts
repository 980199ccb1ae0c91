import type { Sql } from '../sql/sql.ts'
import type { Mail } from './mail.ts'
import { insertMail, listMail } from './mail.store.ts'
import { requireMessage } from './message.ts'

/** Mail without a mail server: messages stay in PostgreSQL, where their organisation reads them. */
export function openTableMail({ sql }: { sql: Sql }): Mail {
  return {
    stays: true,
    async send(message) {
      const wellFormed = requireMessage(message)
      await sql.withOrganization(wellFormed, (tx) => insertMail(tx, wellFormed, 'KEPT'))
    },
    kept: (viewer, page) => listMail(sql, viewer, page),
    async work() {},
    health: () => sql.health(),
    async close() {},
  }
}
