/**
 * Reading text without a model: the terms of the search index, sentences, and the excerpts a hit is shown with.
 *
 * Promise: pure, synchronous, in time proportional to the text. A text and a question that print the same word, number or identifier
 * in different ways (case, accents, endings, spaces, dashes) have a term in common.
 */
export { toCsvLine } from './csv.ts'
export { bestMatch, excerpts, highlight, type Range } from './excerpts.ts'
export { sentences, type Sentence } from './sentences.ts'
export { analyse, analyseQuery, termFrequencies, tokens, type Language, type Token } from './terms.ts'
