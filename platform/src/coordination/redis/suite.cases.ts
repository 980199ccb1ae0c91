/* oxlint-disable vitest/no-conditional-tests, vitest/valid-title, vitest/expect-expect -- whether there is a suite is what this decides */
import { describe, it } from 'vitest'
import { findProgram, NO_SERVER } from './server.testing.ts'

/** A suite that starts servers of its own; where there is no program for it, it is listed as not run. */
export function describeOnRedis(name: string, suite: (program: string, cli: string) => void): void {
  const [program, cli] = [findProgram(), findProgram(['redis-cli', 'valkey-cli'])]
  if (program && cli) describe(name, () => suite(program, cli))
  else it(name, ({ skip }) => skip(NO_SERVER))
}
