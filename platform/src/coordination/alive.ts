/**
 * Whether the process that wrote `pid` at `since` (milliseconds) can still be running. Under our own pid it is only us when it was written
 * after we started: a container's server is pid 1 again after every restart. A pid taken over by a stranger passes for alive, so that the
 * caller also needs an age after which it no longer asks.
 */
export function mayBeAlive(pid: number, since: number): boolean {
  if (pid === process.pid) return since >= Date.now() - process.uptime() * 1000 - 1000
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
