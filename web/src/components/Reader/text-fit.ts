import type { Box } from './passages'

type PlacedWord = Record<'left' | 'top' | 'fontSize' | 'transform', string>

interface Place {
  page: { width: number; height: number }
  /** The width of a text in parts of its font's size. */
  measure: (text: string) => number
}

/** Letters fill this part of the height of their box. */
const heightShare = 0.8

/**
 * Places words where they stand on the page. Words of like height get one size of letters, so that a line reads evenly, and are then
 * drawn narrower or wider to fill their box. Sizes are in `cqw`, hundredths of the page's width, so that they follow the zoom.
 */
export function fitText(words: readonly { text: string; box: Box }[], { page, measure }: Place): PlacedWord[] {
  const ratio = page.height / page.width
  return words.map(({ text, box }) => {
    const size = Math.max(0.004, evened(box.height) * ratio * heightShare)
    const stretch = box.width / Math.max(0.001, measure(text) * size)
    return {
      left: `${box.x * 100}%`,
      top: `${box.y * 100}%`,
      fontSize: `${(size * 100).toFixed(2)}cqw`,
      transform: `scaleX(${Math.min(1.2, Math.max(0.5, stretch)).toFixed(3)})`,
    }
  })
}

/** Heights that differ by less than an eighth are one height: scans never measure a line twice alike. */
function evened(height: number): number {
  const step = Math.log(1.125)
  return Math.exp(Math.round(Math.log(Math.max(height, 1e-4)) / step) * step)
}

/** Measures with a font of the page; a browser without a canvas gets the mean width of a letter. */
export function createMeasure(font: string): (text: string) => number {
  const context = document.createElement('canvas').getContext('2d')
  if (!context) return (text) => text.length * 0.56
  context.font = `100px ${font}`
  return (text) => context.measureText(text).width / 100
}
