/** A day of the calendar as this browser has it: `2026-11-20`. */
export function localDay(moment: Date = new Date()): string {
  const [year, month, day] = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()]
  return `${String(year).padStart(4, '0')}-${twoDigits(month)}-${twoDigits(day)}`
}

/** So many days after a day, or before it. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10)
}

/** The first day of the month so many months after that of the day. */
export function addMonths(day: string, months: number): string {
  const [year = 0, month = 0] = day.split('-').map(Number)
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10)
}

/** The weeks of the month of a day, each from Monday to Sunday, those of the months around it included. */
export function weeksOf(day: string): string[][] {
  const first = addMonths(day, 0)
  const monday = addDays(first, -((new Date(first).getUTCDay() + 6) % 7))
  const weeks: string[][] = []
  for (let start = monday; start < addMonths(day, 1); start = addDays(start, 7))
    weeks.push(Array.from({ length: 7 }, (_, index) => addDays(start, index)))
  return weeks
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
