import type { Sealing } from '../sealing/sealing.ts'
import type { Sql } from '../sql/sql.ts'
import type { Mail } from './mail.ts'
import { insertMail, listMail } from './mail.store.ts'
import { requireMessage } from './message.ts'

/** Mail without a mail server: messages stay in PostgreSQL, where their organisation reads them. */
export function openTableMail({ sql, sealing }: { sql: Sql; sealing: Sealing }): Mail {
  return {
    stays: true,
    async send(message) {
      const wellFormed = requireMessage(message)
      const keys = await sealing.keysOf(wellFormed.organizationId)
      await sql.withOrganization(wellFormed, (tx) => insertMail(tx, keys, { ...wellFormed, state: 'KEPT' }))
    },
    async kept(viewer, page) {
      return listMail({ database: sql, viewer, keys: await sealing.keysOf(viewer.organizationId) }, page)
    },
    async work() {},
    health: () => sql.health(),
    async close() {},
  }
}
