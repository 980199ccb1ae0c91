import { createLog } from '../log/log.ts'
import { openSqliteCoordination } from './sqlite.ts'

/** Holds all of the semaphore `gpu` and queues for it once more, tells its token to the parent, and stays until it is killed. */
const [folder = '', leaseMs] = process.argv.slice(2)
const coordination = await openSqliteCoordination({
  folder,
  log: createLog({ name: 'holder', level: 'silent' }),
  leaseMs: Number(leaseMs),
})
const semaphore = coordination.semaphore('gpu', { capacity: 8 })
const request = { organizationId: 'org_a', task: 'ask', model: 'm', weight: 8, priority: 'interactive' } as const
const lease = await semaphore.acquire(request)
void semaphore.acquire(request)
process.send?.({ token: lease.fencingToken })
