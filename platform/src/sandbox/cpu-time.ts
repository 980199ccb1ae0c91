import { readFileSync } from 'node:fs'

/** Milliseconds per unit of /proc's times, the same on every Linux that Node runs on. */
const UNIT = 10

/** How long a process has had a processor, in milliseconds, all its threads together; undefined where the system does not say. */
export function readCpuTime(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name, in brackets, may contain anything; the numbers are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * UNIT
  } catch {
    return undefined
  }
}
