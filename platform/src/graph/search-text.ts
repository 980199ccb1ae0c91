const ligatures: Record<string, string> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd' }

/** Lower case without accents, ligatures spelled out, white space as one blank: the form in which names are compared. */
export function foldName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{Mn}+/gu, '')
    .toLowerCase()
  return plain
    .replace(/[œæßøłđ]/g, (letter) => ligatures[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim()
}

/** Only the letters and digits of a folded name, so that `6A 123-456` and `6a123456` are one. */
export function compactName(folded: string): string {
  return folded.replace(/[^\p{L}\p{N}]+/gu, '')
}

/**
 * What an entity is found by: its name and its key, each folded and compact, on lines of their own. A query has no line break, so it
 * never matches across two of them; pieces can be appended.
 */
export function searchText(parts: readonly string[]): string {
  const folded = parts.map(foldName)
  const lines = new Set([...folded, ...folded.map(compactName)])
  lines.delete('')
  return [...lines].map((line) => `\n${line}`).join('')
}
