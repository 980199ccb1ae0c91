/** A sentence (or a line that stands alone, such as a heading or a cell) and its place in the text, without the spaces around it. */
export type Sentence = { text: string; start: number; end: number }

const abbreviations = new Set(
  (
    'm mm mr mrs ms mme mmes mlle dr pr prof me st ste sté ets cie art al p pp n no nos num tél tel fax av ave bd boul chem imp pl rte apt ' +
    'bât bat esc cf ex env max min fig chap vol réf ref éd ed janv févr fév avr juil sept oct nov déc dec jan feb aug mon tue wed thu fri ' +
    'inc ltd co corp dept approx est vs e.g i.e jr sr gen col capt c.-à-d resp hab qté désign'
  ).split(' '),
)
const ending = /(?<![.!?…])[.!?…]+(?:["»”’)\]]|[ \u00a0\u202f]»)*(?=\s)|\n/g
const mostInLine = 60

function isAbbreviation(text: string, dot: number): boolean {
  const before = text.slice(Math.max(0, dot - 16), dot)
  const word = /[\p{L}\p{N}.-]+$/u.exec(before)?.[0] ?? ''
  if (abbreviations.has(word.toLowerCase())) return true
  if (/^(?:\p{L}\.)*\p{Lu}$/u.test(word)) return true
  const lineStart = before.lastIndexOf('\n')
  return /^\d{1,3}$/.test(word) && /^\s*\d{1,3}$/.test(before.slice(lineStart + 1)) && (lineStart >= 0 || dot < 16)
}

function endsSentence(text: string, mark: string, offset: number): boolean {
  if (mark[0] === '.' && isAbbreviation(text, offset)) return false
  const next = /\S/.exec(text.slice(offset + mark.length, offset + mark.length + 40))?.[0] ?? ''
  return !/^[\p{Ll},;:]/u.test(next)
}

/** A line end ends a sentence unless the line was full or the next one goes on in small letters. */
function endsAtLine(text: string, offset: number): boolean {
  const next = text.slice(offset + 1, offset + 120)
  if (/^[^\S\n]*(?:\n|$)/.test(next)) return true
  if (/^\s*(?:[\p{Ll},;)»]|\()/u.test(next)) return false
  const line = text.slice(Math.max(text.lastIndexOf('\n', offset - 1) + 1, offset - 400), offset).trim()
  if (/[,(\-–]$/.test(line)) return false
  return line.length < mostInLine || !/(?:[\p{L}\p{N}]| [;:])$/u.test(line) || /^\s*(?:[-–•*▪]|\d+[.)])\s/.test(next)
}

/**
 * The sentences of a text, in order. Abbreviations ("M. Durand", "art. 3"), initials and numbered headings do not end one; a blank
 * line, a list item and a short line of its own do.
 */
export function sentences(text: string): Sentence[] {
  const found: Sentence[] = []
  let start = 0
  const close = (end: number) => {
    const part = text.slice(start, end)
    const trimmed = part.trim()
    const from = start + part.indexOf(trimmed)
    if (trimmed) found.push({ text: trimmed, start: from, end: from + trimmed.length })
    start = end
  }
  for (const { 0: mark, index } of text.matchAll(ending)) {
    if (mark === '\n' ? endsAtLine(text, index) : endsSentence(text, mark, index)) close(index + mark.length)
  }
  close(text.length)
  return found
}
