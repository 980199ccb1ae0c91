export interface Month {
  /** 2026-11 */
  month: string
  documents: number
  mentions: number
}

const mostMonths = 24

/** Every month from the first to the last, the latest two years of them, with zeros where nothing was. */
export function fillMonths(months: readonly Month[]): Month[] {
  const [first, last] = [months[0], months.at(-1)]
  if (!first || !last) return []
  const known = new Map(months.map((month) => [month.month, month]))
  const filled: Month[] = []
  for (let month = last.month; month >= first.month && filled.length < mostMonths; month = before(month))
    filled.unshift(known.get(month) ?? { month, documents: 0, mentions: 0 })
  return filled
}

function before(month: string): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  return number > 1 ? `${year}-${String(number - 1).padStart(2, '0')}` : `${year - 1}-12`
}
