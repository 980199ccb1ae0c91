import { describe, expect, it } from 'vitest'
import { createFormats } from './formats'

const plain = (text: string) => text.replaceAll(/[\u00a0\u2009\u202f]/g, ' ')
const now = Date.parse('2026-11-20T12:00:00Z')

describe('French formats', () => {
  const french = createFormats('fr-FR')

  it.each([
    [0, '0 octet'],
    [999, '999 octets'],
    [48_213, '48 ko'],
    [5_400_000, '5,4 Mo'],
    [2_100_000_000, '2,1 Go'],
  ])('%i bytes are %s', (size, text) => expect(plain(french.bytes(size))).toBe(text))

  it.each([
    ['2026-11-20T11:59:40Z', 'maintenant'],
    ['2026-11-20T11:57:00Z', 'il y a 3 minutes'],
    ['2026-11-20T09:00:00Z', 'il y a 3 heures'],
    ['2026-11-19T11:00:00Z', 'hier'],
    ['2026-11-01T12:00:00Z', '1er nov. 2026'],
  ])('%s is %s', (iso, text) => expect(plain(french.ago(iso, now))).toBe(text))

  it.each([
    [french.date('2026-12-01T12:00:00Z'), '1er déc. 2026'],
    [french.dateTime('2026-12-01T12:00:00Z').slice(0, 13), '1er déc. 2026'],
    [french.day('2026-12-11'), '11 déc. 2026'],
    [french.day('2026-01-21'), '21 janv. 2026'],
    [french.days('2026-12-01', '2026-12-07'), '1er–7 déc. 2026'],
    [french.days('2026-11-21', '2026-12-01'), '21 nov. – 1er déc. 2026'],
  ])('the first of a month is an ordinal, and no other day: %s', (written, text) => expect(plain(written)).toBe(text))

  it.each(['2026-12-01', '2026-12-11', '2026-12-21'])('%s begins with its day of the month', (day) =>
    expect(french.day(day).split(/\s/)[0]).toBe(french.dayOfMonth(day)),
  )

  it.each([
    [420, '420 ms'],
    [2300, '2,3 s'],
    [90_000, '1,5 min'],
  ])('%i ms last %s', (ms, text) => expect(plain(french.duration(ms))).toBe(text))

  it.each([
    [0, '0,00 €'],
    [230, '0,00023 €'],
    [1_234_560_000, '1 234,56 €'],
  ])('%i millionths of a euro are %s', (micros, text) => expect(plain(french.euros(micros))).toBe(text))
})

it('English writes its own', () => {
  const english = createFormats('en-GB')
  expect(english.number(12_345)).toBe('12,345')
  expect(english.date('2026-12-01T12:00:00Z')).toBe('1 Dec 2026')
  expect(english.ago('2026-11-19T11:00:00Z', now)).toBe('yesterday')
})
