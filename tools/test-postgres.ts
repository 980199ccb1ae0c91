import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { createLog } from '../platform/src/log/log.ts'
import { openEmbeddedPostgres } from '../platform/src/sql/embedded-postgres.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** How a test's `pg` client reaches the one server of this run, as the superuser that may create databases. */
    postgres: { host: string; port: number; user: string; database: string }
  }
}

/** Starts one PostgreSQL for the whole test run; each test file makes a database of its own on it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-test-'))
  const server = await openEmbeddedPostgres({
    folder,
    log: createLog({ name: 'test-postgres', level: 'warn' }),
    durable: false,
  })
  project.provide('postgres', server.owner)
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
