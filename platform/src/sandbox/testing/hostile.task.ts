import type { TaskContext } from '../sandbox.ts'

/** What the tests ask a child to do to its process. */
export type Misdeed =
  | 'answer'
  | 'spin'
  | 'sit'
  | 'eat'
  | 'leak'
  | 'abort'
  | 'throw'
  | 'trickle'
  | 'drip'
  | 'environment'
  | 'write'
  | 'reject'
  | 'who'

const kept: Uint8Array[] = []
let runs = 0

const misdeeds: Record<Misdeed, (context: TaskContext<number>) => unknown> = {
  answer: () => 42,
  who: () => ({ pid: process.pid, runs }),
  spin: () => {
    for (;;) Math.sqrt(runs)
  },
  sit: () => new Promise(() => undefined),
  // Memory outside the JavaScript heap, which no heap limit sees.
  eat: () => {
    for (;;) kept.push(new Uint8Array(20_000_000).fill(1))
  },
  leak: () => {
    const strings: string[] = []
    for (let i = 0; ; i++) strings.push(`${i}`.repeat(100))
  },
  abort: () => process.abort(),
  throw: () => {
    throw new RangeError('not today')
  },
  trickle: async ({ report }) => {
    for (let i = 1; i <= 3; i++) await report(i)
    return 'all reported'
  },
  drip: async ({ report }) => {
    for (let i = 1; ; i++) await report(i)
  },
  environment: () => process.env,
  write: async () => (await import('node:fs')).writeFileSync('/tmp/never-written', 'x'),
  reject: async () => {
    void Promise.reject(new Error('left behind'))
    await new Promise((resolve) => setTimeout(resolve, 20))
    return 'still here'
  },
}

/** Does the misdeed and answers with its result. */
export default async function hostileTask(misdeed: Misdeed, context: TaskContext<number>): Promise<unknown> {
  runs += 1
  return await misdeeds[misdeed](context)
}
