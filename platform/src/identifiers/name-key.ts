import { foldText } from './folded-text.ts'

const legalForms = new Set(
  (
    'sarl sas sasu sa eurl snc sci scop scic sca scp scm selarl selas selafa gie gaec earl ei eirl sem spl gmbh ag kg ohg ug ' +
    'ltd limited llc llp inc corp plc bv nv srl sprl spa sl slu oy ab aps sarlu societe ste ets etablissements cie'
  ).split(' '),
)
const civilities = new Set(
  'm mr mrs ms mme mlle monsieur madame mademoiselle messieurs mm dr docteur me maitre pr prof professeur'.split(' '),
)
const dottedForm = /(?<![A-Z])(?:[A-Z]\.){2,}[A-Z]?(?![A-Z])/g

/**
 * The key under which a name of a person, a company or a place is compared: lower case without accents, punctuation, civility and
 * legal form ("S.A.R.L. Café-Étoile" and "CAFE ETOILE" meet), "St" read as "saint". Empty when the name holds no letter or digit.
 */
export function nameKey(name: string): string {
  const spelled = name
    .replace(/œ/gi, 'oe')
    .replace(/æ/gi, 'ae')
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
  const folded = foldText(spelled).replace(dottedForm, (form) => form.replaceAll('.', ''))
  const words = folded
    .toLowerCase()
    .replace(/&/g, ' et ')
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  const kept = words.filter(
    (word, index) => !legalForms.has(word) && !(index === 0 && words.length > 1 && civilities.has(word)),
  )
  const key = (kept.length > 0 ? kept : words).map((word) =>
    word === 'st' ? 'saint' : word === 'ste' ? 'sainte' : word,
  )
  return key.join(' ')
}
