/** A day as the API writes it, `2026-11-20`: one of the place where something happens, without a time or a zone. */
export type Day = string

const dayMs = 86_400_000

/** The day that a clock on the wall here shows. */
export function today(now = new Date()): Day {
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000)
  return local.toISOString().slice(0, 10)
}

/** How many days from one to another; negative when it was before. */
export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / dayMs)
}

/** Where a stay stands on a day: the night before the departure is the last, and on that day one still leaves. */
export function stayState(
  { arrival, departure }: { arrival: Day; departure: Day },
  on: Day,
): 'coming' | 'now' | 'over' {
  if (on < arrival) return 'coming'
  return on <= departure ? 'now' : 'over'
}
