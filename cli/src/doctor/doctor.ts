import type { Log } from '@passerelle/platform/log'
import { clockFinding } from './clock.ts'
import { engineFindings } from './engines.ts'
import { machineFindings } from './machine.ts'
import { modelFindings } from './models.ts'
import type { Env } from '../env/env.ts'

/**
 * Tries what an installation stands on and prints a line for each: what works, and for what does not, why and how to mend it. Leaves nothing behind. Answers
 * whether everything works.
 */
export async function diagnose(env: Env, log: Log): Promise<boolean> {
  const findings = [...machineFindings(env), clockFinding(env, log), ...engineFindings(env, log), ...modelFindings(env)]
  let healthy = true
  for (const [name, look] of findings) {
    const line = await look().then(
      (good) => `✓ ${name}: ${good}`,
      (error: Error) => `✗ ${name}: ${error.message}`,
    )
    console.log(line)
    healthy &&= line.startsWith('✓')
  }
  return healthy
}
