import type { Box } from './passages'

type PlacedWord = Record<'left' | 'top' | 'fontSize', string>

/** Inter's mean advance of a character, in parts of the font's size. */
const advance = 0.56

/**
 * Places words where they stand on the page. The font's size follows the box's height, and shrinks when the word would be wider than
 * its box. Lengths are in `cqw`, hundredths of the page's width, so that they follow the zoom.
 */
export function fitText(
  words: readonly { text: string; box: Box }[],
  page: { width: number; height: number },
): PlacedWord[] {
  const ratio = page.height / page.width
  return words.map(({ text, box }) => {
    const byHeight = box.height * ratio * 0.82
    const byWidth = box.width / Math.max(1, text.length * advance)
    return {
      left: `${box.x * 100}%`,
      top: `${box.y * 100}%`,
      fontSize: `${Math.max(0.4, Math.min(byHeight, byWidth * 1.15) * 100).toFixed(2)}cqw`,
    }
  })
}
