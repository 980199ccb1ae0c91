import type { IdentifierKind } from './candidate.ts'
import { mod97 } from './check-digits.ts'

/** A small repeatable source of numbers from 0 to `below` - 1, so that a failing test fails again. */
export function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

type Random = ReturnType<typeof seeded>

function digits(random: Random, count: number): string {
  return Array.from({ length: count }, () => random(10)).join('')
}

function letters(random: Random, count: number, alphabet = 'ABCDEFGHJKLMNPQRSTVWXYZ'): string {
  return Array.from({ length: count }, () => alphabet[random(alphabet.length)]).join('')
}

/** The reference computations are written the long way round, so that they share nothing with the code under test. */
function luhnDigit(body: string): string {
  const doubled = [...body].reverse().map((digit, index) => (index % 2 === 0 ? String(Number(digit) * 2) : digit))
  const sum = [...doubled.join('')].reduce((total, digit) => total + Number(digit), 0)
  return String((10 - (sum % 10)) % 10)
}

function gs1Digit(body: string): string {
  const sum = [...body].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}

function makeSiren(random: Random): string {
  const body = `${3 + random(6)}${digits(random, 7)}`
  return body + luhnDigit(body)
}

function makeSiret(random: Random): string {
  const body = `${makeSiren(random)}${digits(random, 4)}`
  return body + luhnDigit(body)
}

function makeGtin(random: Random, length: number): string {
  const body = `3${digits(random, length - 2)}`
  return body + gs1Digit(body)
}

function makeContainer(random: Random): string {
  const values: Record<string, number> = { A: 10, C: 13, G: 17, M: 24, S: 30, K: 21, U: 32, T: 31, L: 23 }
  const body = `${letters(random, 3, 'ACGMSKTL')}U${digits(random, 6)}`
  const sum = [...body].reduce((total, char, index) => total + (values[char] ?? Number(char)) * 2 ** index, 0)
  return `${body}${(sum % 11) % 10}`
}

function makeS10(random: Random): string {
  const serial = digits(random, 8)
  const sum = [8, 6, 4, 2, 3, 5, 9, 7].reduce((total, weight, index) => total + weight * Number(serial[index]), 0)
  const check = 11 - (sum % 11)
  return `R${letters(random, 1)}${serial}${check === 10 ? 0 : check === 11 ? 5 : check}FR`
}

function makeIban(random: Random): string {
  const account = digits(random, 23)
  const check = 98 - mod97(`${account}FR00`)
  return `FR${String(check).padStart(2, '0')}${account}`
}

function makeVat(random: Random): string {
  const company = makeSiren(random)
  return `FR${String((12 + 3 * (Number(company) % 97)) % 97).padStart(2, '0')}${company}`
}

function makeSscc(random: Random): string {
  const body = `3${digits(random, 16)}`
  return body + gs1Digit(body)
}

/** A valid number of each family that has a check digit. */
export const generate = {
  SIREN: makeSiren,
  SIRET: makeSiret,
  GTIN: (random: Random) => makeGtin(random, 13),
  SSCC: makeSscc,
  CONTAINER: makeContainer,
  TRACKING_NUMBER: makeS10,
  IBAN: makeIban,
  VAT: makeVat,
} satisfies Partial<Record<IdentifierKind, (random: Random) => string>>

/**
 * The same value with one digit changed. Modulo 11 has more remainders than digits, so S10 and ISO 6346 can miss a change in the
 * serial: for those it is the check digit itself that changes.
 */
export function withOneWrongDigit(value: string, random: Random): string {
  const eleven = /^(?:[A-Z]{2}\d{9}[A-Z]{2}|[A-Z]{4}\d{7})$/.test(value)
  const places = eleven ? [10] : [...value].flatMap((char, index) => (/\d/.test(char) ? [index] : []))
  const place = places[random(places.length)] ?? 0
  const digit = (Number(value[place]) + 1 + random(9)) % 10
  return value.slice(0, place) + digit + value.slice(place + 1)
}

/** The value cut into random groups by one of the separators people print. */
export function printed(value: string, random: Random): string {
  const separator = [' ', '\u00a0', '\u202f', '.', '-', ' - '][random(6)] ?? ' '
  let text = ''
  for (let index = 0; index < value.length;) {
    const size = 1 + random(5)
    text += (text && separator) + value.slice(index, index + size)
    index += size
  }
  return text
}
