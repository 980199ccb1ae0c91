import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import type { Blobs } from '../blobs/blobs.ts'
import { openFolderBlobs } from '../blobs/folder.ts'
import { openTokenKeys } from '../identity/tokens.ts'
import { newId } from '../ids/ids.ts'
import { createLog } from '../log/log.ts'
import { createTestDatabase, type TestDatabase } from '../sql/testing.ts'
import type { Platform } from '../subgraph/subgraph.ts'
import { underRequest } from '../telemetry/origin.ts'
import { anchorGrown } from './anchor.ts'
import { audit } from './audit.ts'
import { verifyChain, type AuditVerdict } from './verify.ts'

export type Statement = [text: string, values?: unknown[]]

/** A database and a store beside it, with what tests do to the chains in them. */
export interface TestChains {
  readonly house: Pick<Platform, 'sql' | 'blobs' | 'keys' | 'log'>
  readonly database: TestDatabase
  write(organizationId: string, count: number): Promise<void>
  /** An organisation with a chain of so many entries, signed where it then ends. */
  open(entries?: number): Promise<string>
  verify(organizationId: string): Promise<AuditVerdict>
  /** What somebody does who owns the server, and takes the triggers away first. */
  asSuperuser(...statements: Statement[]): Promise<void>
}

/** Signs whatever has grown at all. */
export const always = { grown: 1, age: '0 seconds' }

/** Opens them before the first test of a file, and removes them after the last. */
export function useChains(): TestChains {
  let opened: { database: TestDatabase; blobs: Blobs; folder: string } | undefined
  const requireOpen = () => {
    if (!opened) throw new Error('The chains are there while tests run.')
    return opened
  }
  const keys = openTokenKeys({ tokenKey: new Uint8Array(32).fill(1), fileKey: new Uint8Array(32).fill(2) })
  const log = createLog({ name: 'test', level: 'silent' })
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'passerelle-audit-'))
    opened = { database: await createTestDatabase(), blobs: await openFolderBlobs({ folder }), folder }
  })
  afterAll(async () => {
    await opened?.database.drop()
    if (opened) await rm(opened.folder, { recursive: true, force: true })
  })
  const chains: TestChains = {
    get house() {
      const { database, blobs } = requireOpen()
      return { sql: database.sql, blobs, keys, log }
    },
    get database() {
      return requireOpen().database
    },
    async write(organizationId, count) {
      const { sql } = requireOpen().database
      for (let n = 0; n < count; n++)
        await underRequest(`req_${n}`, () =>
          sql.withOrganization({ organizationId, userId: 'usr_1', sessionId: 'ses_1' }, async (tx) =>
            audit(tx, { action: 'thing.changed', subject: { kind: 'Thing', id: `thg_${n}` }, detail: { n } }),
          ),
        )
    },
    async open(entries = 6) {
      const organizationId = newId('org')
      await chains.write(organizationId, entries)
      await anchorGrown(chains.house, always)
      return organizationId
    },
    verify: (organizationId) => verifyChain(chains.house, organizationId),
    async asSuperuser(...statements) {
      const client = new pg.Client(requireOpen().database.owner)
      await client.connect()
      try {
        await client.query('set session_replication_role = replica')
        for (const [text, values] of statements) await client.query(text, values)
      } finally {
        await client.end()
      }
    },
  }
  return chains
}
