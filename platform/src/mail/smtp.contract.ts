import { afterAll, beforeAll, expect } from 'vitest'
import { openJobs, type Jobs } from '../jobs/jobs.ts'
import { createLog } from '../log/log.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import { openTestSealing } from '../sealing/testing.ts'
import { mailQueue, openSmtpMail } from './delivery.ts'
import { describeMail } from './mail.cases.ts'
import type { Mail } from './mail.ts'
import { startTestMailServer, type TestMailServer } from './server.testing.ts'
import { openSmtp } from './smtp.ts'

const log = createLog({ name: 'test', level: 'silent' })

let database: TestDatabase
let jobs: Jobs
let server: TestMailServer
let mail: Mail

beforeAll(async () => {
  database = await createTestDatabase([], [mailQueue])
  jobs = await openJobs({ connection: database.app, sql: database.sql, log })
  server = await startTestMailServer()
  const smtp = openSmtp({
    server: { host: '127.0.0.1', port: server.port, ignoreTLS: true },
    from: 'maison@exemple.fr',
  })
  mail = openSmtpMail({ sql: database.sql, sealing: openTestSealing(database.sql), jobs, smtp, log })
  await mail.work()
})

afterAll(async () => {
  await jobs.close()
  await server.close()
  await database.drop()
})

/** Of an organisation is what bears the id of one of its messages. */
async function arrived(organizationId: string) {
  const rows = () =>
    database.asOwner<{ id: string; state: string }>(
      'select id, state from platform.mail where organization_id = $1 order by id',
      [organizationId],
    )
  await expect
    .poll(async () => (await rows()).filter(({ state }) => state === 'WAITING'), { timeout: 30_000 })
    .toEqual([])
  return (await rows()).flatMap(({ id }) =>
    server.taken
      .filter(({ messageId }) => messageId === `<${id}@exemple.fr>`)
      .map(({ to, subject = '', text = '' }) => ({ to: to?.[0]?.address ?? '', subject, text })),
  )
}

describeMail('a server', () => Promise.resolve({ mail, sql: database.sql, arrived, close: () => Promise.resolve() }))
