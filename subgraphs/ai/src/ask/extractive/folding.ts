const plain = /^[\x00-\x7f]*$/
const special: Record<string, string> = {
  œ: 'o',
  æ: 'a',
  '’': "'",
  ʼ: "'",
  '\u00a0': ' ',
  '\u202f': ' ',
  '\u2009': ' ',
}

/** Small letters without accents, straight apostrophes and ordinary spaces, character for character: offsets stay what they are. */
export function fold(text: string): string {
  const lower = [...text].every((sign) => sign.toLowerCase().length === sign.length) ? text.toLowerCase() : text
  if (plain.test(lower)) return lower
  return lower.replace(/[^\x00-\x7f]/g, (sign) => special[sign] ?? sign.normalize('NFD').charAt(0))
}
