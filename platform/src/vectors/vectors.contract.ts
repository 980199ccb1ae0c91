import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../log/log.ts'
import { createTestDatabase } from '../sql/testing.ts'
import { openEmbeddedVectors } from './embedded.ts'
import { describeVectors } from './vectors.cases.ts'

describeVectors('PostgreSQL and LanceDB', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-vectors-'))
  const database = await createTestDatabase()
  return {
    folder,
    open: () =>
      openEmbeddedVectors({ sql: database.sql, folder, log: createLog({ name: 'vectors', level: 'silent' }) }),
    async destroy() {
      await database.drop()
      await rm(folder, { recursive: true })
    },
  }
})
