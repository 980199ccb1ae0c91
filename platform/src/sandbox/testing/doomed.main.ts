// A parent for the tests to kill: its child says who it is, then spins for ever.
import { openSandbox } from '../sandbox.ts'
import type hostileTask from './hostile.task.ts'

const task = new URL('./hostile.task.ts', import.meta.url)
const sandbox = openSandbox({ size: 1 })
const { pid } = (await sandbox.run<typeof hostileTask>(task, 'who')) as { pid: number }
process.stdout.write(`${pid}\n`)
await sandbox.run<typeof hostileTask>(task, 'spin')
