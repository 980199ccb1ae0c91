import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLog } from '@passerelle/platform/log'
import { expect, test } from 'vitest'
import { createClosers } from './shutdown.ts'

const log = createLog({ name: 'test', level: 'silent' })

test('closes the last opened first, each after the one before', async () => {
  const closed: string[] = []
  const closers = createClosers(log)
  closers.add('database', () => closed.push('database'))
  closers.add('jobs', async () => {
    await sleep(20)
    closed.push('jobs')
  })
  await closers.closeAll()
  expect(closed).toEqual(['jobs', 'database'])
})

test('closes each thing once however often it is asked', async () => {
  let closed = 0
  const closers = createClosers(log)
  closers.add('database', () => (closed += 1))
  await Promise.all([closers.closeAll(), closers.closeAll()])
  await closers.closeAll()
  expect(closed).toBe(1)
})

test('what fails to close does not keep the rest open', async () => {
  const closed: string[] = []
  const closers = createClosers(log)
  closers.add('database', () => closed.push('database'))
  closers.add('gateway', () => Promise.reject(new Error('socket is stuck')))
  await closers.closeAll()
  expect(closed).toEqual(['database'])
})

test('what is opened while closing is closed too', async () => {
  const closed: string[] = []
  const closers = createClosers(log)
  closers.add('slow', () => sleep(20))
  const closing = closers.closeAll()
  closers.add('late', () => closed.push('late'))
  await closing
  closers.add('later still', () => closed.push('later still'))
  await expect.poll(() => closed).toEqual(['late', 'later still'])
})

test('one Ctrl-C that arrives three times stops once and in peace', async () => {
  const server = await startServer(300)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGINT'] as const) server.child.kill(signal)
  expect(await server.ended()).toEqual({ code: 0, output: 'started\nstopping\nstopped\n' })
})

test('a second Ctrl-C does not wait for what is stuck', async () => {
  const server = await startServer(60_000)
  server.child.kill('SIGINT')
  await sleep(1_200)
  server.child.kill('SIGINT')
  expect(await server.ended()).toEqual({ code: 130, output: 'started\nstopping\n' })
})

test('stops when the process that started it has been killed', async () => {
  const server = await startServer(10)
  server.child.disconnect()
  expect(await server.ended()).toEqual({ code: 0, output: 'started\nstopping\nstopped\n' })
})

test('stops and says that it failed when an error is caught by nobody', async () => {
  const server = await startServer(10, `setTimeout(() => { throw new Error('nobody catches this') }, 20)`)
  expect(await server.ended()).toEqual({ code: 1, output: 'started\nstopping\nstopped\n' })
})

/** A process that does nothing but wait to be stopped, and then takes `milliseconds` for it. */
async function startServer(milliseconds: number, extra = '') {
  const script = `
    import { createLog } from '@passerelle/platform/log'
    import { onShutdown } from ${JSON.stringify(join(import.meta.dirname, 'shutdown.ts'))}
    const stop = async () => {
      process.stdout.write('stopping\\n')
      await new Promise((done) => setTimeout(done, ${milliseconds}))
      process.stdout.write('stopped\\n')
    }
    onShutdown({ log: createLog({ name: 'test', level: 'silent' }), stop })
    setInterval(() => {}, 1000)
    process.stdout.write('started\\n')
    ${extra}`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  const exit = once(child, 'exit')
  await expect.poll(() => output).toContain('started')
  return {
    child,
    async ended() {
      const [code] = (await exit) as [number | null]
      return { code, output }
    },
  }
}
