import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { getPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import {
  Cancelled,
  Crashed,
  openSandbox,
  OutOfMemory,
  TaskFailed,
  TimedOut,
  type RunOptions,
  type Sandbox,
} from './sandbox.ts'
import type hostileTask from './testing/hostile.task.ts'
import type { Misdeed } from './testing/hostile.task.ts'

const task = new URL('./testing/hostile.task.ts', import.meta.url)
const opened: Sandbox[] = []

function open(options: Parameters<typeof openSandbox>[0] = {}): Sandbox {
  const sandbox = openSandbox({ size: 1, ...options })
  opened.push(sandbox)
  return sandbox
}

function run(sandbox: Sandbox, misdeed: Misdeed, options?: RunOptions<number>): Promise<unknown> {
  return sandbox.run<typeof hostileTask>(task, misdeed, options)
}

async function pidOf(sandbox: Sandbox): Promise<number> {
  const { pid } = (await run(sandbox, 'who')) as { pid: number }
  return pid
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function untilGone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20))
}

afterAll(() => Promise.all(opened.map((sandbox) => sandbox.close())))

test('a task answers with its output', async () => {
  expect(await run(open(), 'answer')).toBe(42)
})

test('what a task throws reaches the caller, and its child goes on', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  const failure = await run(sandbox, 'throw').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(TaskFailed)
  expect(failure).toMatchObject({ message: 'not today', cause: { name: 'RangeError' } })
  expect(await pidOf(sandbox)).toBe(pid)
})

test('a task that never returns is killed when it is silent too long, and the next task gets a new child', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  await expect(run(sandbox, 'spin', { stall: 300 })).rejects.toMatchObject({ name: 'TimedOut', limit: 'stall' })
  await untilGone(pid)
  expect(await run(sandbox, 'answer')).toBe(42)
})

test('a task that sits and waits for nothing is killed too', async () => {
  const stall = run(open(), 'sit', { stall: 300 })
  await expect(stall).rejects.toMatchObject({ name: 'TimedOut', limit: 'stall' })
})

test('a task that reports without end is killed at its deadline', async () => {
  const failure = run(open(), 'drip', { stall: 60_000, deadline: 500, onProgress: () => undefined })
  await expect(failure).rejects.toBeInstanceOf(TimedOut)
  await expect(failure).rejects.toMatchObject({ limit: 'deadline' })
})

test('memory outside the JavaScript heap is bounded', async () => {
  await expect(run(open({ limits: { memory: 250_000_000 } }), 'eat')).rejects.toBeInstanceOf(OutOfMemory)
})

test('memory in the JavaScript heap is bounded', async () => {
  await expect(run(open({ limits: { memory: 250_000_000 } }), 'leak')).rejects.toBeInstanceOf(OutOfMemory)
})

test('a native crash costs one child', async () => {
  const sandbox = open()
  await expect(run(sandbox, 'abort')).rejects.toBeInstanceOf(Crashed)
  expect(await run(sandbox, 'answer')).toBe(42)
})

test('a promise that a library leaves rejected does not fail the task', async () => {
  expect(await run(open(), 'reject')).toBe('still here')
})

test('progress arrives in order, and the task waits for the caller to deal with each report', async () => {
  const seen: string[] = []
  const onProgress = async (number: number): Promise<void> => {
    seen.push(`begin ${number}`)
    await new Promise((resolve) => setTimeout(resolve, 30))
    seen.push(`end ${number}`)
  }
  expect(await run(open(), 'trickle', { onProgress, stall: 20_000 })).toBe('all reported')
  expect(seen).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3'])
})

test('time the caller spends on a report does not count against the task', async () => {
  const sandbox = open()
  await run(sandbox, 'answer')
  const onProgress = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 500))
  expect(await run(sandbox, 'trickle', { onProgress, deadline: 1000, stall: 1000 })).toBe('all reported')
})

test('a caller that cannot deal with a report ends the task with its own error', async () => {
  const onProgress = (): Promise<void> => Promise.reject(new Error('the disk is full'))
  await expect(run(open(), 'trickle', { onProgress })).rejects.toThrow('the disk is full')
})

test('an abort ends a running task and takes a waiting one out of the queue', async () => {
  const sandbox = open()
  const [running, waiting] = [new AbortController(), new AbortController()]
  let started: () => void = () => undefined
  const hasStarted = new Promise<void>((resolve) => (started = resolve))
  const first = run(sandbox, 'spin', { signal: running.signal, onStart: started })
  const second = run(sandbox, 'answer', { signal: waiting.signal })
  const third = run(sandbox, 'answer')
  await hasStarted
  waiting.abort()
  await expect(second).rejects.toBeInstanceOf(Cancelled)
  running.abort()
  await expect(first).rejects.toBeInstanceOf(Cancelled)
  expect(await third).toBe(42)
})

test('tasks run at once on as many children as there are, and no more', async () => {
  const sandbox = open({ size: 2 })
  const pids = await Promise.all([1, 2, 3, 4].map(() => pidOf(sandbox)))
  expect(new Set(pids).size).toBe(2)
})

test('a child is replaced after its number of tasks', async () => {
  const sandbox = open({ limits: { tasks: 2 } })
  const pids = [await pidOf(sandbox), await pidOf(sandbox), await pidOf(sandbox)]
  expect(pids[1]).toBe(pids[0])
  expect(pids[2]).not.toBe(pids[0])
})

test('a child yields the processor to its parent, knows none of its secrets, and can write no files', async () => {
  process.env.SECRET_OF_THE_PARENT = 'hush'
  const sandbox = open()
  expect(getPriority(await pidOf(sandbox))).toBe(5)
  expect(await run(sandbox, 'environment')).not.toHaveProperty('SECRET_OF_THE_PARENT')
  await expect(run(sandbox, 'write')).rejects.toThrow(/restricted/)
})

test('closing ends what runs and what waits, and leaves no process behind', async () => {
  const sandbox = open()
  const pid = await pidOf(sandbox)
  const outcomes = Promise.allSettled([run(sandbox, 'spin'), run(sandbox, 'answer')])
  await sandbox.close()
  expect((await outcomes).map((outcome) => outcome.status === 'rejected' && outcome.reason.name)).toEqual([
    'Cancelled',
    'Cancelled',
  ])
  expect(isAlive(pid)).toBe(false)
  await expect(run(sandbox, 'answer')).rejects.toBeInstanceOf(Cancelled)
})

test('a child that spins dies with its parent, even when that is killed', async () => {
  const parent = spawn(process.execPath, [fileURLToPath(new URL('./testing/doomed.main.ts', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(line.toString())
  expect(isAlive(pid)).toBe(true)
  parent.kill('SIGKILL')
  await untilGone(pid)
  expect(isAlive(pid)).toBe(false)
})
