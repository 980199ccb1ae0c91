import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createLog } from '../log/log.ts'
import { EngineUnavailable } from '../schema/refusals.ts'
import { openSqliteCoordination } from './sqlite.ts'

const log = createLog({ name: 'test', level: 'silent' })
const request = { organizationId: 'org_b', task: 'ask', model: 'm', weight: 8, priority: 'interactive' } as const

describe('coordination in a file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'passerelle-coordination-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** A process that holds the whole of `gpu`, with one more in its queue, killed in the middle of it. */
  async function killHolder(leaseMs: number, whileRunning = async () => {}): Promise<{ token: number }> {
    const child = fork(new URL('./sqlite.holder.testing.ts', import.meta.url), [folder, `${leaseMs}`])
    const [message] = await once(child, 'message')
    await whileRunning()
    child.kill('SIGKILL')
    await once(child, 'exit')
    return message
  }

  it('drops at open what a killed process held and waited for, and its tokens go on growing', async () => {
    const { token } = await killHolder(3_600_000)
    const coordination = await openSqliteCoordination({ folder, log })
    const semaphore = coordination.semaphore('gpu', { capacity: 8 })
    expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 })
    expect((await semaphore.acquire(request)).fencingToken).toBeGreaterThan(token)
    await coordination.close()
  })

  it('takes the lease of a killed process back by itself when it was opened before', async () => {
    const coordination = await openSqliteCoordination({ folder, log, leaseMs: 400 })
    const semaphore = coordination.semaphore('gpu', { capacity: 8 })
    await killHolder(400, async () => expect(await semaphore.state()).toMatchObject({ used: 8, waiting: 1 }))
    await (await semaphore.acquire(request)).release()
    await vi.waitFor(async () => expect(await semaphore.state()).toMatchObject({ used: 0, waiting: 0 }), 5000)
    await coordination.close()
  })

  it('keeps memory over a restart', async () => {
    const before = await openSqliteCoordination({ folder, log })
    await before.memory.set('org_a', 'session', 'turns', 60)
    await before.close()
    const after = await openSqliteCoordination({ folder, log })
    expect(await after.memory.get('org_a', 'session')).toBe('turns')
    await after.close()
  })

  it.each([
    ['is not a database', (path: string) => writeFile(path, 'Ceci n’est pas une base de données. '.repeat(100))],
    [
      'is of another version',
      async (path: string) => new DatabaseSync(path).exec('create table old (x); pragma user_version = 999'),
    ],
    ['has tables of someone else', async (path: string) => new DatabaseSync(path).exec('create table value (x)')],
  ])('starts anew when its file %s', async (_, damage) => {
    await damage(join(folder, 'coordination.sqlite'))
    const coordination = await openSqliteCoordination({ folder, log })
    await coordination.memory.set('org_a', 'key', 'value', 60)
    expect(await coordination.memory.get('org_a', 'key')).toBe('value')
    await coordination.close()
  })

  it('says that the engine is away when its folder cannot be one', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(openSqliteCoordination({ folder: join(folder, 'file'), log })).rejects.toBeInstanceOf(
      EngineUnavailable,
    )
  })

  it('says that the engine is away once it is closed', async () => {
    const coordination = await openSqliteCoordination({ folder, log })
    await coordination.close()
    await expect(coordination.health()).rejects.toBeInstanceOf(EngineUnavailable)
    await expect(coordination.memory.get('org_a', 'key')).rejects.toBeInstanceOf(EngineUnavailable)
  })
})
