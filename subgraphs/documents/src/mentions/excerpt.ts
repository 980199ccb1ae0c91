import type { Stretch } from './names.ts'

const length = 200

/** The line or the passage around a mention, at most about 200 characters, cut at spaces, on one line. */
export function excerptAt(text: string, { start, end }: Stretch): string {
  const side = Math.max(40, Math.floor((length - (end - start)) / 2))
  const before = text.slice(Math.max(0, start - side), start)
  const after = text.slice(end, end + side)
  const blockStart = before.lastIndexOf('\n\n') + 1
  const from = blockStart > 0 ? blockStart : start - side > 0 ? before.search(/\s/) + 1 : 0
  const blockEnd = after.indexOf('\n\n')
  const lastSpace = end + side < text.length ? after.search(/\s\S*$/) : after.length
  const until = blockEnd >= 0 ? blockEnd : Math.max(0, lastSpace)
  return `${before.slice(from)}${text.slice(start, end)}${after.slice(0, until)}`.replace(/\s+/g, ' ').trim()
}
