import { fra } from 'stopword'
import type { Language } from './terms.ts'

// The published list lacks the words of questions and of links between sentences.
const frenchMore =
  'comment quand pourquoi quoi si plus tout tous toute toutes tres bien etre peut peux peuvent puis dois doit doivent faut fait faire ' +
  'comme ainsi aussi alors donc lors lorsque afin entre vers chez sous cas dont car ni or cependant celui celle ceux celles lequel ' +
  'laquelle lesquels lesquelles auquel duquel chaque quelque quelques aucun aucune notamment egalement deja encore parce jusque'

const english =
  'a about above after again all also am an and any are as at be because been before being below between both but by can could did do ' +
  'does doing during each few for from further had has have having he her here hers him his how i if in into is it its itself just me ' +
  'more most my nor not of on only or other our ours out over own same she should so some such than that the their theirs them then ' +
  'there these they this those through to too under until up us very was we were what when where which while who whom why will with ' +
  'would you your yours'

function fold(word: string): string {
  return word.normalize('NFD').replace(/\p{M}+/gu, '')
}

/** Words that carry no meaning of their own, in lower case without accents. */
export const stopWords: Record<Language, ReadonlySet<string>> = {
  fr: new Set([...fra.map(fold), ...frenchMore.split(' ')]),
  en: new Set(english.split(' ')),
}
