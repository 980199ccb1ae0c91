/**
 * What the lists without pages hold that are longer than most: a printed page, what is said in one, the months of a year or two, the days of a month for
 * everything that is counted, the words in which two answers differ. An operation costs by these, and may ask for no more than it can be answered.
 */
export const listSizes: ReadonlyMap<string, number> = new Map([
  ['Page.words', 400],
  ['Page.segments', 50],
  ['SpeechSegment.words', 30],
  ['Entity.activity', 24],
  ['Query.usageByDay', 200],
  ['JobComparison.output', 200],
])
