import { expect, it } from 'vitest'
import { cssScale, stepZoom, zoomFraction } from './zoom'

it('a page fits the width it is given, within limits', () => {
  expect(cssScale('fit', { pageWidth: 600, room: 900 })).toBe(1.5)
  expect(cssScale('fit', { pageWidth: 100, room: 2000 })).toBe(2.5)
})

it('a page at 100 % has its printed size', () => {
  expect(zoomFraction(cssScale(1, { pageWidth: 600, room: 900 }))).toBe(1)
})

it('zooming goes to the next step up or down, and stays at the ends', () => {
  const at = (zoom: number) => cssScale(zoom, { pageWidth: 600, room: 900 })
  expect(stepZoom(at(1), 1)).toBe(1.25)
  expect(stepZoom(at(1.1), -1)).toBe(1)
  expect(stepZoom(at(3), 1)).toBe(3)
  expect(stepZoom(at(0.5), -1)).toBe(0.5)
})
