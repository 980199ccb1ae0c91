import type { Box, PageBox } from '@passerelle/platform/schema'

/** Joins boxes that follow each other on a line: those on one page that overlap by more than half of their height, left to right. */
export function toLines(words: readonly PageBox[]): PageBox[] {
  const lines: PageBox[] = []
  for (const { page, box } of words) {
    const last = lines.at(-1)
    if (last && last.page === page && isSameLine(last.box, box)) last.box = union(last.box, box)
    else lines.push({ page, box })
  }
  return lines
}

function isSameLine(a: Box, b: Box): boolean {
  const overlap = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  return overlap > Math.min(a.height, b.height) / 2 && b.x >= a.x
}

function union(a: Box, b: Box): Box {
  const x = Math.min(a.x, b.x)
  const y = Math.min(a.y, b.y)
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  }
}
