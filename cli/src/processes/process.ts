import type { Log } from '@passerelle/platform/log'
import type { Env } from '../env/env.ts'
import type { Secrets } from '../secrets/secrets.ts'
import type { Closers } from '../shutdown.ts'

/** What a process starts from. */
export interface Start {
  env: Env
  secrets: Secrets
  log: Log
  /** Knows how to end what has been opened. */
  closers: Closers
}

/** A process that works: where it listens, and what to print before that. */
export interface Started {
  url: string
  lines: string[]
}
