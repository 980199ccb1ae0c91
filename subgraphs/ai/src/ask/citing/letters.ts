/** A text reduced to what two printings of the same words have in common, and where each of these letters came from. */
export interface Letters {
  letters: string
  /** For each letter, the offset in the text that it comes from. */
  origins: number[]
}

/**
 * White space, dashes and soft hyphens are left out, because a page and a quotation break lines and words differently; ligatures, wide
 * letters, accents and apostrophes become plain small letters, because printers and recognition do not agree on them.
 */
export function toLetters(text: string): Letters {
  let letters = ''
  const origins: number[] = []
  let offset = 0
  for (const sign of text) {
    const plain = sign
      .normalize('NFKD')
      .replaceAll(/[\s\p{M}\p{Pd}\u00ad]/gu, '')
      .replaceAll(/[’‘ʼ´`]/g, "'")
      .toLowerCase()
    letters += plain
    for (let count = 0; count < plain.length; count++) origins.push(offset)
    offset += sign.length
  }
  return { letters, origins }
}
