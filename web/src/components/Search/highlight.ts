export interface Segment {
  text: string
  marked: boolean
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' }

/**
 * Reads an excerpt of the search: HTML-escaped text in which matches stand between `<em>` and `</em>`. Any other markup would be
 * unexpected and comes out as the text it is; nothing is ever given to the browser as HTML.
 */
export function parseHighlight(excerpt: string): Segment[] {
  const segments: Segment[] = []
  let marked = false
  for (const part of excerpt.split(/(<\/?em>)/)) {
    if (part === '<em>' || part === '</em>') marked = part === '<em>'
    else if (part) segments.push({ text: unescape(part), marked })
  }
  return segments
}

function unescape(text: string): string {
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,6}));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return entities[name.toLowerCase()] ?? whole
      const point = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16)
      return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole
    },
  )
}
