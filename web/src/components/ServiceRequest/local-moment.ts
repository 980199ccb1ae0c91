/** A moment as a date-time field writes it: local, without seconds. */
export function toLocalField(iso: string): string {
  const moment = new Date(iso)
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}

/** The moment that a date-time field holds; null for an empty one. */
export function fromLocalField(local: string): string | null {
  const moment = new Date(local)
  return Number.isNaN(moment.getTime()) ? null : moment.toISOString()
}

/** The morning of the day after, where somebody is likely to plan something. */
export function tomorrowMorning(now = new Date()): string {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1, 9).toISOString()
}
