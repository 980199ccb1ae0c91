import { foldText } from '../identifiers/folded-text.ts'
import { nameKey } from '../identifiers/name-key.ts'

/** How a name, an address or a number that is known may stand in a text: as patterns for folded text, and as looser ones for PostgreSQL. */

/** Printed as one sign, and read as several. */
const ligatures: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss' }
/** Read as several letters; longest first. */
const readAsMany = ['ffi', 'ffl', 'oe', 'ae', 'ss', 'fi', 'fl', 'ff', 'ij', 'lj', 'nj', 'dz']

/** Is not seen, and stands inside a word as well as between two. */
const joiner = '\u2060'

/** Text as names are compared in it, and where each of its signs was. What JSON escaped is read as what it says. */
export function foldWithOffsets(text: string): { folded: string; offsets: number[] } {
  let folded = ''
  const offsets: number[] = []
  let afterSmall = false
  for (const { 0: sign, index } of text.matchAll(/\\u[0-9a-f]{4}|[^]/giu)) {
    const plain = foldSign(sign.length === 6 ? String.fromCharCode(Number.parseInt(sign.slice(2), 16)) : sign)
    // Words that are written together, as in the name of a file.
    const parted = afterSmall && /^\p{Lu}/u.test(sign) ? `${joiner}${plain}` : plain
    for (let at = 0; at < parted.length; at++) offsets.push(index)
    folded += parted
    if (plain !== '') afterSmall = /^\p{Ll}/u.test(sign)
  }
  offsets.push(text.length)
  return { folded, offsets }
}

function foldSign(sign: string): string {
  if (sign.length === 1 && sign < '\u0080') return sign.toLowerCase()
  const lower = sign.toLowerCase()
  const plain = (ligatures[lower] ?? lower).normalize('NFKD').replace(/\p{M}+/gu, '')
  return /\p{L}/u.test(plain) ? foldText(plain).toLowerCase() : plain
}

/** The words of a name as they are compared. Empty for one that is too short to tell anybody. */
export function wordsOf(name: string): string[] {
  const words = nameKey(name.replace(/[ßẞ]/g, 'ss')).split(' ').filter(Boolean)
  return words.join('').length >= 3 ? words : []
}

/** Inside a word: a hyphen at the end of a line, and signs that are not seen. */
const seam = '(?:[\\u00ad\\u200b-\\u200d\\u2060\\ufeff]|[-\\u2010\\u00ad][ \\t]*\\r?\\n\\s{0,12})?'
const saints: Readonly<Record<string, string>> = { saint: 'st', sainte: 'ste' }

/** What forms and lists write before the other half of a name. */
const labels = `(?:prenoms?|nom(?: de famille| de naissance| d.usage)?|(?:first|last|given|family) ?name|surname|name)`
const apart = '[^\\p{L}\\p{N}@]{1,12}'

/** In folded text: the words in this order, with whatever stands between the words of a name, a file's name or the cells of a table. */
export function namePattern(words: readonly string[]): RegExp {
  const body = words.map((word) => {
    const letters = [...word].map(escape)
    const printed = letters.join(word.length <= 3 ? `\\.?${seam}` : seam)
    return saints[word] ? `(?:${printed}|${saints[word]})` : printed
  })
  return new RegExp(`(?<![\\p{L}\\p{N}])${body.join(`${apart}(?:${labels}${apart})?`)}(?![\\p{L}\\p{N}])`, 'gu')
}

/** An address as it stands in a text or a link. */
export function emailPattern(email: string): RegExp {
  return new RegExp(email.split('@').map(escape).join('(?:@|%40)'), 'giu')
}

/** A number in any grouping, with its country's code or, in France, without. */
export function phonePattern(phone: string): RegExp {
  const between = '[\\s.\\-/·()_\\u2010-\\u2015]{0,3}'
  const digits = phone.replace(/\D/g, '').split('')
  const abroad = digits.map((digit, at) => (at > 0 && at < 4 ? `(?:${between}\\(0\\))?${between}` : between) + digit)
  const here = phone.startsWith('+33') ? `|0${between}${digits.slice(2).join(between)}` : ''
  return new RegExp(`(?<!\\d)(?:(?:\\+|00)?${abroad.join('')}${here})(?!\\d)`, 'gu')
}

/** A regular expression of PostgreSQL for every text that the name's pattern may find, and some others. */
export function looseName(words: readonly string[]): string {
  const longest = words.toSorted((a, b) => b.length - a.length)[0] ?? ''
  let body = ''
  for (let at = 0; at < longest.length;) {
    const many = readAsMany.find((letters) => longest.startsWith(letters, at))
    body += (many ? `.{1,${many.length * 2}}` : looseLetter(longest[at] ?? '')) + unseen
    at += many?.length ?? 1
  }
  return saints[longest] ? '.' : body
}

/** The same for an address. */
export function looseEmail(email: string): string {
  return [...(email.split('@')[0] ?? '')].map((sign) => `[${inClass(sign)}${inClass(sign.toUpperCase())}]`).join('')
}

/** The same for a number: the digits at its end. */
export function loosePhone(phone: string): string {
  return phone.slice(-6).split('').join('[^0-9]{0,6}')
}

/** Accents that stand for themselves, hyphens and ends of lines inside a word. */
const unseen = '[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff\u2010.\\s-]*'

/** Every sign that is read as a letter, in both cases. */
const printedAs = (() => {
  const all = new Map<string, string>()
  const ranges = [
    [0x41, 0x24f],
    [0x1e00, 0x1eff],
    [0xff21, 0xff5a],
  ] as const
  for (const [from, to] of ranges)
    for (let code = from; code <= to; code++) {
      const sign = String.fromCharCode(code)
      if (!/\p{L}/u.test(sign)) continue
      const folded = foldSign(sign)
      all.set(folded, (all.get(folded) ?? '') + sign)
    }
  return all
})()

/** A letter in any accent, also as JSON escapes it; a sign that no other stands for is any. */
function looseLetter(letter: string): string {
  const signs = printedAs.get(letter)
  if (!signs) return /[0-9]/.test(letter) ? letter : '(?:\\\\u[0-9A-Fa-f]{4}|.)'
  return `(?:[${signs}]|\\\\u[0-9A-Fa-f]{4})`
}

function inClass(sign: string): string {
  return sign.replace(/[\]\\^-]/g, '\\$&')
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
