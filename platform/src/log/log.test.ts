import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('a secret never reaches the log, at the top or inside what is logged', async () => {
  const [line] = await logged(`
    log.info({ user: 'Zoé', token: 's3cret', session: { refreshToken: 's3cret', id: 7 }, request: { headers: { authorization: 's3cret' } } }, 'in')`)
  expect(JSON.stringify(line)).not.toContain('s3cret')
  expect(line).toMatchObject({ level: 'info', process: 'test', msg: 'in', user: 'Zoé', session: { id: 7 } })
})

test('an error keeps its stack and its cause', async () => {
  const [line] = await logged(`log.error({ err: new Error('no answer', { cause: new Error('refused') }) }, 'engine')`)
  expect(line?.['err']).toMatchObject({
    message: 'no answer: refused',
    stack: expect.stringContaining('caused by: Error: refused'),
  })
})

test('says nothing below its level', async () => {
  expect(await logged(`log.debug('detail'); log.warn('look')`)).toEqual([
    expect.objectContaining({ level: 'warn', msg: 'look' }),
  ])
})

test('a line says in the name of which request it was written', async () => {
  const lines = await logged(`
    import { underRequest } from ${JSON.stringify(join(import.meta.dirname, '../telemetry/origin.ts'))}
    await underRequest('req_1', async () => { await null; log.child({ name: 'engine' }).info('asked') })
    await underRequest('req_1', () => log.info({ requestId: 'req_2' }, 'told'), 'job_1')
    log.info('by itself')`)
  expect(lines.map(({ msg, requestId, job }) => [msg, requestId, job])).toEqual([
    ['asked', 'req_1', undefined],
    ['told', 'req_2', 'job_1'],
    ['by itself', undefined, undefined],
  ])
})

/** The lines that a process writes when it runs `statements` with a log of level info. */
async function logged(statements: string): Promise<Record<string, unknown>[]> {
  const script = `
    import { createLog } from ${JSON.stringify(join(import.meta.dirname, 'log.ts'))}
    const log = createLog({ name: 'test', level: 'info' })
    ${statements}`
  const { stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  return stderr
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
