import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLog } from '../log/log.ts'
import { describeCoordination } from './coordination.cases.ts'
import { openSqliteCoordination } from './sqlite.ts'

const log = createLog({ name: 'test', level: 'silent' })

describeCoordination('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-coordination-'))
  return {
    open: (options) => openSqliteCoordination({ folder, log, ...options }),
    destroy: () => rm(folder, { recursive: true }),
  }
})
