/**
 * Reading printed identifiers is easier on a text that has one kind of space, one kind of dash and no accents, as long as an
 * offset found in it is an offset in the original. So the view made here has the same length as its text, unit for unit.
 */

const spaces = [0x0d, 0x1680, 0x180e, 0x202f, 0x205f, 0x3000, 0xfeff, 0xad, 0x2060]
const lineBreaks = [0x0b, 0x0c, 0x85, 0x2028, 0x2029]
const dashes = [0x2043, 0x2212, 0xfe58, 0xfe63, 0xff0d]
const apostrophes = [0x2018, 0x2019, 0x201b, 0x2032, 0x02bc, 0x60, 0xb4]
const letters: Record<string, string> = {
  ß: 'S',
  ẞ: 'S',
  Œ: 'O',
  œ: 'O',
  Æ: 'A',
  æ: 'A',
  Ø: 'O',
  ø: 'O',
  Đ: 'D',
  đ: 'D',
  Ł: 'L',
  ł: 'L',
  ı: 'I',
}

function baseOf(code: number): number {
  const char = String.fromCharCode(code)
  const special = letters[char]
  if (special) return special.charCodeAt(0)
  const upper = (char.normalize('NFD')[0] ?? char).toUpperCase()
  return upper.length === 1 ? upper.charCodeAt(0) : code
}

function buildTable(): Uint16Array {
  const table = new Uint16Array(65536)
  for (let code = 0; code < 65536; code++) table[code] = code
  for (let code = 0x61; code <= 0x24f; code++) table[code] = baseOf(code)
  for (let code = 0x1e00; code <= 0x1eff; code++) table[code] = baseOf(code)
  for (let code = 0xff10; code <= 0xff5a; code++) table[code] = baseOf(code - 0xfee0)
  for (let code = 0x2000; code <= 0x200d; code++) table[code] = 0x20
  for (let code = 0x2010; code <= 0x2015; code++) table[code] = 0x2d
  for (const code of [...spaces, 0xa0]) table[code] = 0x20
  for (const code of lineBreaks) table[code] = 0x0a
  for (const code of dashes) table[code] = 0x2d
  for (const code of apostrophes) table[code] = 0x27
  table[0xba] = 0xb0
  return table
}

const table = buildTable()

/**
 * The text in upper-case ASCII letters where it can be: accents dropped, every dash `-`, every space ` ` (but a tab, which parts
 * the cells of a table), every line end `\n`,
 * every apostrophe `'`, `º` as `°`. Same length as the text, so offsets are shared.
 */
export function foldText(text: string): string {
  const units = new Uint16Array(text.length)
  for (let index = 0; index < text.length; index++) units[index] = table[text.charCodeAt(index)] ?? 0
  return Buffer.from(units.buffer).toString('utf16le')
}

/** Upper-case letters and digits of a printed value, everything else dropped: how most identifiers are compared. */
export function compact(printed: string): string {
  return foldText(printed).replace(/[^A-Z0-9]+/g, '')
}
