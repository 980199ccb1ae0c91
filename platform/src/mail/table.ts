import type { Sealing } from '../sealing/sealing.ts'
import type { Sql } from '../sql/sql.ts'
import type { Mail, WriteMail } from './mail.ts'
import { insertMail, listMail } from './mail.store.ts'
import { requireMessage } from './message.ts'

/** Mail without a mail server: messages stay in PostgreSQL, where their organisation reads them. */
export function openTableMail({ sql, sealing }: { sql: Sql; sealing: Sealing }): Mail {
  async function writer(organizationId: string): Promise<WriteMail> {
    const keys = await sealing.keysOf(organizationId)
    return async (tx, message) => {
      await insertMail(tx, keys, { ...requireMessage({ ...message, organizationId }), state: 'KEPT' })
    }
  }

  return {
    stays: true,
    writer,
    async send(message) {
      const { organizationId } = requireMessage(message)
      const write = await writer(organizationId)
      await sql.withOrganization({ organizationId }, (tx) => write(tx, message))
    },
    async kept(viewer, page) {
      return listMail({ database: sql, viewer, keys: await sealing.keysOf(viewer.organizationId) }, page)
    },
    async work() {},
    health: () => sql.health(),
    async close() {},
  }
}
