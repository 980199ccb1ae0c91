import { labelWords, numberWord, type LabelKind } from './label-words.ts'

/** A run of labels that announce one value together ("N° SIREN / SIRET :"), as offsets in the folded text. */
type LabelGroup = { start: number; end: number; kinds: LabelKind[] }

type Found = { folded: string; groups: readonly LabelGroup[] }

/** What the words around a value say it is. `place` tells how close they stand: before or after it, further left, or one line above. */
export type Announcement = { kinds: LabelKind[]; place: 'tight' | 'loose' | 'above' }

export type Labels = {
  /** The labels that announce the value printed between `start` and `end`, or null when nothing does. */
  announce(start: number, end?: number): Announcement | null
  /** True when the value at `start` is announced as `kind`. */
  announces(kind: LabelKind, start: number, end?: number): boolean
  /** Where the values stand that a label of this kind is followed by, at most one line below it. */
  valuesOf(kind: LabelKind): number[]
  /** True when a label ends exactly at `offset`, so that a value may begin there without a space. */
  endsAt(offset: number): boolean
  /** Every run of labels, in order. */
  groups: readonly LabelGroup[]
}

const pattern = new RegExp(
  `(?<![A-Z0-9])(?:${labelWords.map(([, words]) => `(${words.join('|')})`).join('|')})(?![A-Z])|(\\(0[012]\\))`,
  'g',
)
const joiner =
  /^(?:[^A-Z0-9\n\t]|(?<![A-Z])(?:DU|DE|DES|LA|LE|LES|AU|ET|OU|D|L|N|VOTRE|NOTRE|NUMERO|NO|REF|CODE)(?![A-Z]))*$/
const tightGap = new RegExp(`^(?:[^A-Z0-9\\n]|(?<![A-Z])${numberWord})*$`)
const valueGap = new RegExp(`(?:[^A-Z0-9\\n]|(?<![A-Z])${numberWord}(?![A-Z]))*(?:\\n{1,2}[^A-Z0-9\\n]*)?`, 'y')
const reach = { joined: 16, tight: 18, loose: 44, line: 400 }

function kindOf(match: RegExpExecArray): LabelKind {
  const index = labelWords.findIndex((_, position) => match[position + 1] !== undefined)
  const [kind] = labelWords[index] ?? []
  if (kind) return kind
  return match[0] === '(00)' ? 'SSCC' : 'GTIN'
}

function collect(folded: string): LabelGroup[] {
  const groups: LabelGroup[] = []
  for (const match of folded.matchAll(pattern)) {
    const start = match.index
    const end = start + match[0].length
    const last = groups.at(-1)
    const gap = last && start - last.end <= reach.joined ? folded.slice(last.end, start) : null
    if (last && gap !== null && joiner.test(gap)) {
      last.end = end
      last.kinds.push(kindOf(match))
    } else groups.push({ start, end, kinds: [kindOf(match)] })
  }
  return groups
}

/** Index of the last group that ends at or before `offset`, or -1. */
function lastBefore(groups: readonly LabelGroup[], offset: number): number {
  let low = 0
  let high = groups.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((groups[middle]?.end ?? 0) <= offset) low = middle + 1
    else high = middle
  }
  return low - 1
}

function onSameLine({ folded, groups }: Found, start: number): Announcement | null {
  const group = groups[lastBefore(groups, start)]
  if (!group || start - group.end > reach.loose) return null
  const gap = folded.slice(group.end, start)
  if (gap.includes('\n')) return null
  if (gap.length <= reach.tight && tightGap.test(gap)) return { kinds: group.kinds, place: 'tight' }
  return /[\d\t]/.test(gap) || group.kinds.includes('OTHER') ? null : { kinds: group.kinds, place: 'loose' }
}

/** The part of the line above that heads what stands behind `before` in the line below: its cell when it is a row of a table. */
function columnOf(above: string, before: string): { start: number; end: number } | null {
  const cells = above.split('\t')
  if (cells.length === 1) return { start: 0, end: above.length }
  const column = before.split('\t').length - 1
  const cell = cells[column]
  if (cell === undefined) return null
  const start = cells.slice(0, column).reduce((offset, { length }) => offset + length + 1, 0)
  return { start, end: start + cell.length }
}

function onLineAbove({ folded, groups }: Found, start: number): Announcement | null {
  const from = Math.max(0, start - reach.line)
  const before = folded.slice(from, start)
  const lineBreak = before.lastIndexOf('\n')
  if (lineBreak < 0) return null
  const above = before.slice(0, lineBreak).trimEnd()
  const aboveStart = above.lastIndexOf('\n') + 1
  const heading = columnOf(above.slice(aboveStart), before.slice(lineBreak + 1))
  if (!heading) return null
  const [headingStart, headingEnd] = [from + aboveStart + heading.start, from + aboveStart + heading.end]
  const opensCell = /(?:^|\t)\W*$/.test(before.slice(lineBreak + 1))
  const kinds: LabelKind[] = []
  for (let index = lastBefore(groups, headingEnd); index >= 0; index--) {
    const group = groups[index]
    if (!group || group.start < headingStart) break
    const nothingElse = opensCell && tightGap.test(folded.slice(group.end, headingEnd))
    kinds.push(...group.kinds.filter((kind) => kind !== 'OTHER' || nothingElse))
  }
  return kinds.length > 0 ? { kinds, place: 'above' } : null
}

function inBracketsBehind({ folded, groups }: Found, end: number): Announcement | null {
  const next = groups[lastBefore(groups, end) + 1]
  if (!next || next.start - end > 3 || !/^\s?\($/.test(folded.slice(end, next.start))) return null
  return folded[next.end] === ')' ? { kinds: next.kinds, place: 'tight' } : null
}

function valuesOf({ folded, groups }: Found, kind: LabelKind): number[] {
  return groups.flatMap((group) => {
    if (!group.kinds.includes(kind)) return []
    valueGap.lastIndex = group.end
    const gap = valueGap.exec(folded)?.[0] ?? ''
    return gap.length <= reach.loose ? [group.end + gap.length] : []
  })
}

/** Finds every label of a folded text once, and answers what they say about any place in it. */
export function findLabels(folded: string): Labels {
  const groups = collect(folded)
  const found = { folded, groups }
  const ends = new Set(groups.map((group) => group.end))
  const announce = (start: number, end?: number) =>
    (end === undefined ? null : inBracketsBehind(found, end)) ?? onSameLine(found, start) ?? onLineAbove(found, start)
  return {
    announce,
    announces: (kind, start, end) => announce(start, end)?.kinds.includes(kind) ?? false,
    valuesOf: (kind) => valuesOf(found, kind),
    endsAt: (offset) => ends.has(offset),
    groups,
  }
}
