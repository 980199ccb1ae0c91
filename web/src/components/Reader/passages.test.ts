import { describe, expect, it } from 'vitest'
import { inReadingOrder, parsePassageQuery, toPassageQuery, type Passage } from './passages'

const passage: Passage = {
  page: 2,
  boxes: [
    { page: 2, box: { x: 0.1, y: 0.25, width: 0.5, height: 0.02 } },
    { page: 3, box: { x: 0.1, y: 0.05, width: 0.3, height: 0.02 } },
  ],
}

describe('a passage in an address', () => {
  it('comes back as it was, boxes of a following page included', () => {
    const query = toPassageQuery(passage)
    expect(query).toEqual({ page: '2', box: '0.1,0.25,0.5,0.02;0.1,0.05,0.3,0.02,3' })
    expect(parsePassageQuery(query)).toEqual(passage)
  })

  it('is only a page when it has no boxes', () => {
    expect(toPassageQuery({ page: 4, boxes: [] })).toEqual({ page: '4' })
    expect(parsePassageQuery({ page: '4' })).toEqual({ page: 4, boxes: [] })
  })

  it.each([[{}], [{ page: 'x' }], [{ page: '0' }], [{ page: '1.5' }], [{ page: ['1', '2'] }]])(
    'is nothing when %o names no page',
    (query) => {
      expect(parsePassageQuery(query)).toBeUndefined()
    },
  )

  it('loses boxes that do not lie on the page', () => {
    expect(parsePassageQuery({ page: '1', box: '0.1,0.2,0.3;a,b,c,d;2,0,1,1;0.1,0.2,0.3,0.4' })?.boxes).toEqual([
      { page: 1, box: { x: 0.1, y: 0.2, width: 0.3, height: 0.4 } },
    ])
  })
})

it('passages are read by page, from top to bottom, from left to right', () => {
  const at = (page: number, x: number, y: number): Passage => ({
    page,
    boxes: [{ page, box: { x, y, width: 0.1, height: 0.1 } }],
  })
  expect(inReadingOrder([at(2, 0, 0), at(1, 0.5, 0.4), at(1, 0.1, 0.4), at(1, 0.9, 0.1)])).toEqual([
    at(1, 0.9, 0.1),
    at(1, 0.1, 0.4),
    at(1, 0.5, 0.4),
    at(2, 0, 0),
  ])
})
