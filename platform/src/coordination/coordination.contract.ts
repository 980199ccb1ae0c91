import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, it } from 'vitest'
import { createLog } from '../log/log.ts'
import { describeCoordination } from './coordination.cases.ts'
import { findRedis, openRedisStore } from './redis/store.testing.ts'
import { openSqliteCoordination } from './sqlite.ts'

const log = createLog({ name: 'test', level: 'silent' })

describeCoordination('SQLite', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'passerelle-coordination-'))
  return {
    open: (options) => openSqliteCoordination({ folder, log, ...options }),
    destroy: () => rm(folder, { recursive: true }),
  }
})

const redis = findRedis(process.env)
for (const name of ['Redis', 'Redis Cluster'] as const) {
  const found = redis[name]
  if ('missing' in found) it(`coordination on ${name}`, ({ skip }) => skip(found.missing))
  else {
    describeCoordination(name, async () => openRedisStore((await found.start()).url, log))
    afterAll(() => found.stop())
  }
}
