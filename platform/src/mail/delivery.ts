import type { Job, Jobs, Queue } from '../jobs/jobs.ts'
import type { Log } from '../log/log.ts'
import type { Sealing } from '../sealing/sealing.ts'
import type { Sql } from '../sql/sql.ts'
import type { Mail, WriteMail } from './mail.ts'
import { findWaiting, insertMail, listMail, noteFailure, settle, type WaitingMail } from './mail.store.ts'
import { requireMessage } from './message.ts'
import { MailRefused, readAnswer, type Smtp } from './smtp.ts'

/** Tried every minute at the longest, and for more than a day: `patienceMs` ends it before. */
export const mailQueue: Queue<{ mailId: string }> = {
  name: 'mail.send',
  retries: 2_000,
  concurrency: 4,
  perOrganization: 2,
}

/** After a day a message tells nobody anything new, and its reader should hear of it otherwise. */
const usualPatienceMs = 24 * 3_600_000

interface SmtpMailOptions {
  sql: Sql
  sealing: Sealing
  jobs: Jobs
  smtp: Smtp
  log: Log
  /** How long a server that is away is waited for before a message is given up, in milliseconds. */
  patienceMs?: number
}

/**
 * Mail through a server. A message is kept with the job that hands it over, in one transaction. A server that takes it is never given it again by the
 * same process; one that was killed between the server's yes and writing that down gives it again, with the same Message-ID.
 */
export function openSmtpMail({ sql, sealing, jobs, smtp, log, patienceMs = usualPatienceMs }: SmtpMailOptions): Mail {
  /** Taken by the server, and not yet written down. */
  const taken = new Set<string>()

  async function handOver(mail: WaitingMail): Promise<void> {
    const { id, writtenAt } = mail
    const scope = { organizationId: mail.organizationId }
    try {
      if (!taken.has(id)) await smtp.deliver(mail)
      taken.add(id)
      await sql.withOrganization(scope, (tx) => settle(tx, id, { state: 'SENT' }))
      taken.delete(id)
    } catch (error) {
      if (taken.has(id)) throw error
      const failure = readAnswer(error)
      const over = error instanceof MailRefused || Date.now() - writtenAt.getTime() > patienceMs
      log.warn({ mail: id, err: error }, over ? 'a message was given up' : 'a message waits for the mail server')
      await sql.withOrganization(scope, (tx) =>
        over ? settle(tx, id, { state: 'REFUSED', failure }) : noteFailure(tx, id, failure),
      )
      if (!over) throw error
    }
  }

  async function writer(organizationId: string): Promise<WriteMail> {
    const keys = await sealing.keysOf(organizationId)
    return async (tx, message) => {
      const wellFormed = requireMessage({ ...message, organizationId })
      const mailId = await insertMail(tx, keys, { ...wellFormed, state: 'WAITING' })
      await jobs.enqueue(tx, mailQueue, { mailId }, { key: mailId })
    }
  }

  return {
    stays: false,
    writer,
    async send(message) {
      const { organizationId } = requireMessage(message)
      const write = await writer(organizationId)
      await sql.withOrganization({ organizationId }, (tx) => write(tx, message))
    },
    async kept(viewer, page) {
      return listMail({ database: sql, viewer, keys: await sealing.keysOf(viewer.organizationId) }, page)
    },
    work: () =>
      jobs.work(mailQueue, async ({ organizationId, data }: Job<{ mailId: string }>) => {
        const keys = await sealing.keysOf(organizationId)
        const mail = await sql.withOrganization({ organizationId }, (tx) => findWaiting(tx, keys, data.mailId))
        if (mail) await handOver(mail)
      }),
    health: createHealth(smtp),
    async close() {},
  }
}

/** Whoever asks how all engines are may ask every second; a mail server counts how often it is greeted. */
const healthyMs = 30_000

function createHealth(smtp: Smtp): () => Promise<void> {
  let until = 0
  return async () => {
    if (Date.now() < until) return
    await smtp.health()
    until = Date.now() + healthyMs
  }
}
