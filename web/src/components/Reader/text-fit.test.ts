import { expect, it } from 'vitest'
import { fitText } from './text-fit'

const page = { width: 600, height: 800 }
const measure = (text: string) => text.length * 0.5
const word = (text: string, height: number, width: number) => ({ text, box: { x: 0.1, y: 0.2, width, height } })

it('words of like height have letters of one size', () => {
  const [first, second, title] = fitText(
    [word('Total', 0.02, 0.1), word('à', 0.0201, 0.02), word('FACTURE', 0.04, 0.3)],
    {
      page,
      measure,
    },
  )
  expect(first?.fontSize).toBe(second?.fontSize)
  expect(Number.parseFloat(title?.fontSize ?? '')).toBeGreaterThan(Number.parseFloat(first?.fontSize ?? ''))
})

it('a word is drawn narrower or wider to fill its box, within what can be read', () => {
  const stretches = fitText([word('Total', 0.02, 0.05), word('Total', 0.02, 0.06), word('Total', 0.02, 0.9)], {
    page,
    measure,
  })
  const [narrow, wide, widest] = stretches.map(({ transform }) => Number(/[\d.]+/.exec(transform)?.[0]))
  expect(narrow).toBeLessThan(wide ?? 0)
  expect(widest).toBe(1.2)
})

it('a word stands at its place on the page', () => {
  expect(fitText([word('Total', 0.02, 0.1)], { page, measure })[0]).toMatchObject({ left: '10%', top: '20%' })
})
