import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createLog } from '../platform/src/log/log.ts'
import { toConnection } from '../platform/src/sql/connection.ts'
import { openEmbeddedPostgres } from '../platform/src/sql/embedded-postgres.ts'
import { createAppRole } from '../platform/src/sql/roles.ts'

/** How a test's `pg` client reaches a server. */
interface Address {
  host: string
  port: number
  user: string
  database: string
  password?: string
}

declare module 'vitest' {
  interface ProvidedContext {
    /** The one PostgreSQL of this run, as the superuser that may create databases. */
    postgres: Address
    /** Where the plain role logs in: the server itself, or a pooler before it, which takes the same password. */
    door: { host: string; port: number }
  }
}

/**
 * One PostgreSQL for the whole test run, on which each test file makes a database of its own: the one that comes with the installation,
 * or that of `SQL_TEST_URL` (a superuser's address), reached by the plain role through the pooler of `SQL_TEST_POOL_URL` when there is one.
 */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { SQL_TEST_URL, SQL_TEST_POOL_URL } = process.env
  if (!SQL_TEST_URL) return startEmbedded(project)
  const server = toAddress(SQL_TEST_URL)
  await createAppRole(server, { user: 'passerelle_app', password: server.password })
  project.provide('postgres', server)
  project.provide('door', toAddress(SQL_TEST_POOL_URL ?? SQL_TEST_URL))
  return undefined
}

async function startEmbedded(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  const server = await openEmbeddedPostgres({
    folder,
    log: createLog({ name: 'test-postgres', level: 'warn' }),
    durable: false,
  })
  project.provide('postgres', server.owner)
  project.provide('door', server.owner)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function toAddress(url: string): Address {
  const { host = '', port = 0, user = '', database = '', password } = toConnection(url)
  return { host, port, user, database, ...(typeof password === 'string' && { password }) }
}
