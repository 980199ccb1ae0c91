import type { ReadSpeechQuery } from '@/gql/graphql'
import type { Passage } from './passages'
import { createMarkOf, flowText, type Run } from './text-flow'

export type SpokenPage = NonNullable<NonNullable<ReadSpeechQuery['document']>['page']>
type Segment = SpokenPage['segments'][number]

/** One breath as it is shown: `mark` says whether a passage lights up all of it, `runs` which of its words one does. */
export interface Breath {
  startMs: number
  endMs: number
  runs: Run[]
  mark?: 'lit' | 'active'
}

/** What somebody says until another speaks or there is a rest. */
export interface Turn {
  startMs: number
  speaker: string | null
  breaths: Breath[]
}

/** A page of speech as turns, as the page's text parts them, with the words of its passages lit up. */
export function toTurns(
  page: SpokenPage,
  { passages, active }: { passages: readonly Passage[]; active: number },
): Turn[] {
  const markOf = createMarkOf(passages, { page: page.number, active })
  const turns: Turn[] = []
  let end = 0
  for (const segment of page.segments) {
    const start = Math.max(page.text.indexOf(segment.text, end), end)
    const rests = turns.length === 0 || page.text.slice(end, start).includes('\n\n')
    if (rests) turns.push({ startMs: segment.startMs, speaker: segment.speaker ?? null, breaths: [] })
    const runs = flowText(segment, markOf).map((run) => ({ ...run, text: run.text.replaceAll(/\s+/g, ' ') }))
    const mark = markAt(segment, passages, active)
    turns.at(-1)?.breaths.push({ startMs: segment.startMs, endMs: segment.endMs, runs, ...(mark && { mark }) })
    end = start + segment.text.length
  }
  return turns
}

/** A passage that is a moment lights up the breath it falls into. */
function markAt({ startMs, endMs }: Segment, passages: readonly Passage[], active: number): Run['mark'] {
  const within = ({ at }: Passage) => at !== undefined && at >= startMs && at < endMs
  if (passages[active] && within(passages[active])) return 'active'
  return passages.some(within) ? 'lit' : undefined
}

/** The beginning of the breath that is heard at a moment; nothing in a pause, or where the page is not known. */
export function breathAt(moment: number, pages: Iterable<SpokenPage>): number | undefined {
  for (const { segments } of pages) {
    const heard = segments.find(({ startMs, endMs }) => moment >= startMs && moment < endMs)
    if (heard) return heard.startMs
  }
  return undefined
}

/** The moment a passage begins on its page; nothing when nothing of it is said there. */
export function momentOf(page: SpokenPage, passage: Passage): number | undefined {
  if (passage.at !== undefined) return passage.at
  const markOf = createMarkOf([passage], { page: page.number, active: 0 })
  return page.segments.find(({ words }) => words.some(({ box }) => markOf(box)))?.startMs ?? page.startMs ?? undefined
}

/** The page on which something is said at a moment, among those that are known; else the one to look at next. */
export function pageAt(
  moment: number,
  { pages, duration, known }: { pages: number; duration: number; known: ReadonlyMap<number, SpokenPage> },
): { page: number; sure: boolean } {
  const clamp = (number: number) => Math.min(Math.max(number, 1), pages)
  let page = clamp(Math.floor((moment / Math.max(duration, 1)) * pages) + 1)
  for (let steps = 0; steps < pages; steps++) {
    const spoken = known.get(page)
    if (!spoken) return { page, sure: false }
    const after = known.get(page + 1)
    if (moment < (spoken.startMs ?? 0) && page > 1) page -= 1
    else if (page < pages && moment >= (spoken.endMs ?? 0) && (!after || moment >= (after.startMs ?? 0))) page += 1
    else return { page, sure: true }
  }
  return { page, sure: true }
}
