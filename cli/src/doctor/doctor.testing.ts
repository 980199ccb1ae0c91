import type { Finding } from './finding.ts'
import { readEnv, type Env } from '../env/env.ts'

/** The settings of an environment that has no faults. */
export function toEnv(source: Record<string, string>): Env {
  const read = readEnv(source)
  if ('faults' in read) throw new Error(read.faults.join('\n'))
  return read.env
}

/** What is said of one thing. */
export function look(findings: readonly Finding[], about: string): Promise<string> {
  const [, ask] = findings.find(([name]) => name === about) ?? []
  return ask
    ? ask().catch((error: Error) => `✗ ${error.message}`)
    : Promise.reject(new Error(`Nothing about ${about}.`))
}
