// The program of a child process: loads the task module it is told to run, runs it, streams what it reports.
import { setPriority } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { FromChild, ToChild, Watch } from './messages.ts'

const handled = new Map<number, () => void>()
let reports = 0

function send(message: FromChild): void {
  process.send?.(message)
}

function report(value: unknown): Promise<void> {
  const number = ++reports
  return new Promise((resolve) => {
    handled.set(number, resolve)
    send({ kind: 'progress', report: number, value })
  })
}

function describe(error: unknown): { name: string; message: string; stack: string } {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack ?? '' }
  return { name: 'Error', message: String(error), stack: '' }
}

async function run(task: string, input: unknown): Promise<void> {
  try {
    const module: { default: (input: unknown, context: { report: typeof report }) => Promise<unknown> } = await import(
      task
    )
    send({ kind: 'done', output: await module.default(input, { report }) })
  } catch (error) {
    send({ kind: 'failed', cause: describe(error) })
  }
}

const watch: Watch = { parent: Number(process.argv[2]), memory: Number(process.argv[3]) }
new Worker(new URL('./watch.thread.ts', import.meta.url), { workerData: watch })
setPriority(Number(process.argv[4]))

process.on('disconnect', () => process.exit(0))
// A parser that leaves a rejected promise behind has not failed its task for that: the task's own promise decides.
process.on('unhandledRejection', (error) => process.stderr.write(`unhandled: ${describe(error).message}\n`))
process.on('message', (message: ToChild) => {
  if (message.kind === 'run') void run(message.task, message.input)
  else {
    handled.get(message.report)?.()
    handled.delete(message.report)
  }
})
