import { describe, expect, it } from 'vitest'
import { safeNext } from './router'

describe('the page to return to after a log-in', () => {
  it('is the one that was asked for', () => {
    expect(safeNext('/documents/doc_1?page=2')).toBe('/documents/doc_1?page=2')
  })

  it.each([
    ['https://example.org'],
    ['//example.org'],
    ['/\\example.org'],
    ['javascript:alert(1)'],
    [undefined],
    [['/a', '/b']],
  ])('is the home page instead of %j', (next) => expect(safeNext(next)).toBe('/'))
})
