const words = (list: string): string => `(?:${list.split(' ').join('|')})`
const any = (...patterns: string[]): RegExp => new RegExp(patterns.join('|'), 'g')

const month = `${words(
  'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre january february march april may june july ' +
    'august september october november december janv fevr avr juil jan feb mar apr jun jul aug sept oct nov dec',
)}\\b\\.?`
const weekday = `${words('lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday')}s?`
const few = words(
  'deux trois quatre cinq six sept huit neuf dix onze douze quinze vingt trente quarante cinquante soixante cent mille two three four ' +
    'five seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred',
)
const street = words('rue avenue boulevard quai place chemin allee impasse route cours')

/** 12 · 1 532,21 · 1.532,21 · 1,532.21, but not the number of a thing as in n° 3. */
const number = '(?<!\\d|n° ?|no )-?(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:[ .]\\d{3})*(?:[.,]\\d+)?)'
const measured = (units: string): RegExp => any(`${number}\\s?(?:${units})(?![a-z0-9])`)

const day = [
  '\\b\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4}\\b',
  '\\b\\d{4}-\\d{2}-\\d{2}\\b',
  `\\b(?:\\d{1,2}(?:er|st|nd|rd|th)?|premier)\\s+(?:of\\s+)?${month}(?:\\s+\\d{4})?`,
  `\\b${month}\\s+\\d{1,2}\\b`,
  `\\b${weekday}\\b`,
  '\\b1er\\b|\\b\\d{1,2}(?:st|nd|rd|th)\\b|\\bla veille\\b|\\ble \\d{1,2} de chaque\\b',
]
const date = [...day, `\\b${month}(?:\\s+\\d{4})?\\b`, '\\b(?:1[5-9]|20)\\d{2}\\b(?![,.]?\\d)']
const time = [
  '\\b\\d{1,2}\\s?h(?:\\s?\\d{2})?\\b',
  '\\b\\d{1,2}:\\d{2}\\b',
  '\\b\\d{1,2}(?::\\d{2})?\\s?[ap]\\.?m\\b',
  "\\b\\d{1,2}\\s(?:heures?|o'clock)\\b",
  '\\b(?:midi|minuit|noon|midnight)\\b',
]
const unitOfTime =
  '(?:minutes?|min|heures?|hours?|h|jours?|days?|semaines?|weeks?|mois|months?|ans?|annees?|years?|demi-journee|demi-heure)'
const duration = [
  `\\b(?:\\d+(?:[.,]\\d+)?|un|une|one|an?|${few})(?:-|\\s)(?:(?:and a half|et demie)\\s)?${unitOfTime}\\b`,
  '\\bdemi-journee\\b',
]
const currency = '(?:€|eur\\b|euros?\\b|£|\\$|usd\\b|dollars?\\b|francs?\\b|livres?\\b)'
const phone = [
  '(?<![\\d+])0 ?[1-9](?:[ .-]?\\d{2}){4}(?!\\d)',
  '(?<!\\d)0 ?8\\d{2}(?: ?\\d{2}){3}(?!\\d)',
  '\\+\\d{1,3}(?:[ .-]?\\(?\\d{1,4}\\)?){3,6}(?!\\d)',
]

/** How the forms that an answer can have look in a folded text. */
export const forms = {
  iban: any('\\b[a-z]{2}\\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?\\b'),
  siret: any('\\b\\d{3} ?\\d{3} ?\\d{3} ?\\d{5}\\b'),
  siren: any('\\b\\d{3} ?\\d{3} ?\\d{3}\\b'),
  vat: any('\\b[a-z]{2} ?[0-9a-z]{2} ?\\d{3} ?\\d{3} ?\\d{3}\\b'),
  sscc: any('\\b\\d{18}\\b', '\\(00\\)[^\\n]{0,12}?\\d[\\d ]{16,20}\\d'),
  plate: any('\\b[a-z]{2}-\\d{3}-[a-z]{2}\\b', '\\b\\d{2,4} [a-z]{2,3} \\d{2}\\b'),
  email: any('[\\w.+-]+@[\\w-]+(?:\\.[\\w-]+)+'),
  phone: any(...phone),
  amount: any(
    `(?<!base )${number}\\s?(?:millions?|milliards?|billions?)?(?: d[e'])?\\s?${currency}`,
    `(?:€|£|\\$)\\s?${number}`,
    '(?<!base )-?\\d+(?:[ .]\\d{3})*,\\d{2}\\b(?!\\s?(?:%|kg|m))',
  ),
  percent: any('\\d+(?:[.,]\\d+)?\\s?(?:%|pour cent|percent)', `\\b${few} fois\\b`),
  day: any(...day),
  date: any(...date),
  time: any(...time),
  duration: any(...duration),
  when: any(...date, ...time, ...duration),
  moment: any(...date, ...time),
  weight: any(number, `\\b${few}\\b`),
  temperature: measured('°c?|degres|degrees|celsius'),
  speed: measured('km/h|kmh|mph|noeuds|knots'),
  area: measured('m2|m²|metres? carres?|hectares?|ha|square'),
  volume: measured('m3|m³|metres? cubes?|litres?|l'),
  length: measured('m|metres?|meters?|cm|mm|km|kilomet(?:re|er)s?|miles?|minutes?|feet'),
  count: any(number, `\\b${few}\\b`),
  code: any(
    ...phone,
    '\\b(?:[a-z]{1,6}[./-]?)?\\d[a-z0-9]{2,}(?:[./-][a-z0-9]*\\d[a-z0-9]*)*\\b',
    '\\b[a-z]{2,6} (?!(?:19|20)\\d\\d\\b)\\d{3,}[a-z0-9-]*\\b',
    '\\b\\w{1,20}-\\d[a-z0-9]*\\b',
    '\\b\\d{1,6}-\\d{2,6}(?:-\\d{2,6})*\\b',
  ),
  address: any('\\b\\d{5} +[a-z]', `\\b\\d{1,4}(?: bis| ter)?,? (?:${street}|[a-z]+ (?:street|road|lane))\\b`),
  place: any(
    '\\b\\d{5} +[a-z]',
    `\\b${street}\\b`,
    '\\b(?:a cote|a gauche|a droite|derriere|devant|sous|dans|sur|chez|near|behind|next to|under|inside|in the|on the|at the|to the)\\b',
  ),
  reason: any(
    '\\b(?:parce qu|car|pour|afin|faute|en raison|a cause|a la suite|because|due to|owing|for lack|in order)\\b',
    ':',
  ),
  definition: any('\\b(?:est|sont|designe|consiste|signifie|permet|is|are|means) (?:une?|des|les?|la|an?|the|a|qu)\\b'),
} satisfies Record<string, RegExp>

export type Form = keyof typeof forms | 'name'

/** What speaks for a sentence without deciding: prepositions and capitals are everywhere. The other forms must be there. */
export const softForms: ReadonlySet<Form> = new Set<Form>(['place', 'reason', 'name', 'definition'])

/** Forms that tell by themselves what they are: an IBAN needs no word beside it that says so. */
export const tellingForms: ReadonlySet<Form> = new Set<Form>([
  'iban',
  'siret',
  'siren',
  'vat',
  'sscc',
  'plate',
  'email',
  'phone',
  'address',
])
