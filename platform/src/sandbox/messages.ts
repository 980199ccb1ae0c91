/** What the parent tells a child: run this task, or: your report number `report` is dealt with. */
export type ToChild = { kind: 'run'; task: string; input: unknown } | { kind: 'handled'; report: number }

/** What a child tells its parent about the one task it runs. */
export type FromChild =
  | { kind: 'progress'; report: number; value: unknown }
  | { kind: 'done'; output: unknown }
  | { kind: 'failed'; cause: { name: string; message: string; stack: string } }

/** What the child's watching thread is given: whose child it is and how much memory (bytes) the process may hold. */
export interface Watch {
  parent: number
  memory: number
}

/** The signal a child ends itself with when it holds too much memory, so that the parent can tell it from any other death. */
export const MEMORY_SIGNAL = 'SIGUSR2'
