/** When a person is written to. */
export interface Hours {
  timeZone: string
  /** Of the day, 0 to 23. */
  digestHour: number
  /** No mail from the one hour to the other; null for no such time. */
  quietFrom: number | null
  quietTo: number | null
}

/** Notices that come together are one message: the first waits so long for the others, in milliseconds. */
export const gatherMs = 60_000

const hourMs = 3_600_000

/** When a message that is not urgent to the minute may go: a moment from now, or when the quiet hours are over. */
export function nextLetter({ timeZone, quietFrom, quietTo }: Hours, now: Date): Date {
  const soon = new Date(now.getTime() + gatherMs)
  if (quietFrom === null || quietTo === null || quietFrom === quietTo) return soon
  const hour = hourIn(timeZone, soon)
  const isQuiet = quietFrom < quietTo ? hour >= quietFrom && hour < quietTo : hour >= quietFrom || hour < quietTo
  return isQuiet ? nextHour(timeZone, quietTo, soon) : soon
}

/** When the next digest goes. */
export function nextDigest({ timeZone, digestHour }: Hours, now: Date): Date {
  return nextHour(timeZone, digestHour, now)
}

/** The next full hour that clocks show as this one, there. Where clocks skip it that day, the hour after. */
function nextHour(timeZone: string, hour: number, after: Date): Date {
  // Every zone's clocks change by whole quarters; its full hours need not be ours.
  const quarter = hourMs / 4
  const first = Math.ceil((after.getTime() + 1) / quarter) * quarter
  for (let moment = first; moment < first + 25 * hourMs; moment += quarter) {
    const at = new Date(moment)
    if (hourIn(timeZone, at) === hour && hourIn(timeZone, new Date(moment - quarter)) !== hour) return at
  }
  return new Date(after.getTime() + 24 * hourMs)
}

function hourIn(timeZone: string, at: Date): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(at))
}

/** Whether the name is a time zone's. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
