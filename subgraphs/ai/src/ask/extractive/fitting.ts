import { forms, softForms, type Form } from './forms.ts'
import type { Sighting } from './source.ts'
import type { Span } from './lines.ts'

/** What a form that fits adds, more when it stands close to what is asked, and what one that does not fit costs. */
export const bonuses = { hard: 0.06, close: 0.12, soft: 0.04, unfit: 0.15 }
/** Characters between a value and what it is the value of; between a number and what it counts. */
const distance = { close: 6, near: 30, counted: 14, label: 4 }

/** What is known of a statement when its form is looked at. */
export interface Fitting {
  form: Form | null
  spans: readonly Span[]
  /** What of this form stands in the statement, without the question's own references. */
  given: readonly Span[]
  /** Where the statement speaks of what is asked. */
  about: readonly Sighting[]
  text: string
  folded: string
}

/** How much the form speaks for the statement; null when the form that must be there is not. */
export function fits(fitting: Fitting): number | null {
  const { form, spans, given, about, text, folded } = fitting
  if (!form) return 0
  if (form === 'name') return isNamed(text, spans) ? bonuses.soft : -bonuses.unfit
  if (given.length === 0) return softForms.has(form) ? withoutForm(fitting) : null
  if (softForms.has(form)) return bonuses.soft
  if (
    form === 'count' &&
    !given.some((value) => isValue(value, spans) || about.some((counted) => counts(value, counted)))
  )
    return null
  if (form === 'address')
    return bonuses.hard + (given.some(({ start }) => /^\d{5}/.test(text.slice(start))) ? bonuses.close : 0)
  // Who asks when is told a moment rather than how long something takes.
  if (form === 'when' && !given.some(({ start, end }) => folded.slice(start, end).search(forms.moment) >= 0))
    return bonuses.hard
  const closest = Math.min(...given.flatMap((value) => about.map((sighting) => gap(value, sighting))))
  return bonuses.hard + (closest <= distance.close ? bonuses.close : closest <= distance.near ? bonuses.close / 2 : 0)
}

/** A label "place of delivery" makes a place of the name below it. */
function withoutForm({ form, spans, text }: Fitting): number {
  return form === 'place' && spans.length > 1 && isNamed(text, spans) ? 0 : -bonuses.unfit
}

/** Whether a name stands there: a capital letter that does not only begin the sentence. */
function isNamed(text: string, spans: readonly Span[]): boolean {
  return spans.some(({ start, end }, index) =>
    (index > 0 ? /\p{Lu}\p{Ll}+/u : /(?<!^)\p{Lu}\p{Ll}+/u).test(text.slice(start, end)),
  )
}

/** Whether the number is all that stands with a label. */
function isValue(value: Span, spans: readonly Span[]): boolean {
  return spans.some((span, index) => index > 0 && span.start === value.start && span.end === value.end)
}

/** Whether a number stands before what it counts, or right behind its label. */
function counts(value: Span, counted: Span): boolean {
  return value.end <= counted.start
    ? counted.start - value.end <= distance.counted
    : value.start - counted.end <= distance.label
}

function gap(a: Span, b: Span): number {
  return Math.max(0, a.start - b.end, b.start - a.end)
}
