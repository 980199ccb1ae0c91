import { describe, expect, it } from 'vitest'
import { drawnAs } from './file-look'

const stored = { fileUrl: '/files/1', status: { error: null } }

describe('the pages of a document', () => {
  it.each([
    ['application/pdf', 'pdf'],
    ['image/jpeg', 'image'],
    ['image/heic', undefined],
    ['text/plain', undefined],
  ])('of %s are drawn as %s', (contentType, way) => expect(drawnAs({ ...stored, contentType })).toBe(way))

  it('are not drawn before the file has arrived', () =>
    expect(drawnAs({ ...stored, contentType: 'application/pdf', fileUrl: null })).toBeUndefined())

  it('are not drawn from a damaged file, but are from one whose reading failed otherwise', () => {
    const failed = (code: string) => ({ ...stored, contentType: 'application/pdf', status: { error: { code } } })
    expect(drawnAs(failed('UNREADABLE'))).toBeUndefined()
    expect(drawnAs(failed('TIMED_OUT'))).toBe('pdf')
  })
})
