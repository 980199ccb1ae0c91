import { composePage } from '../reading/page.ts'
import type { ReadPage } from '../reading/reading.ts'

/** A page of one block per paragraph; a tab parts the cells of a line. Every word has a box of its own. */
export function toPage(text: string, number = 1): ReadPage {
  const lines = text.split('\n\n').flatMap((block, index) => block.split('\n').map((line) => ({ block: index, line })))
  const laid = lines.map(({ block, line }, row) => ({
    block,
    words: line.split('\t').flatMap((cell, column) =>
      cell.split(' ').map((word, place) => ({
        text: word,
        wide: column > 0 && place === 0,
        box: { x: column / 4 + place / 40, y: row / 50, width: 0.02, height: 0.015 },
      })),
    ),
  }))
  return { number, width: 595, height: 842, recognized: false, ...composePage(laid) }
}
