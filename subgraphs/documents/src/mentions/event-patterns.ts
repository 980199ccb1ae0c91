import { eventWords, type EventWords } from './event-words.ts'

export type EventLanguage = 'fr' | 'en'

/** What a text says of a date: which event, in which language, and where the words for it begin or end in that text. */
export interface Told {
  words: EventWords
  language: EventLanguage
  /** Where the words begin, before the date; or end, behind it. */
  at: number
}

const any = (kind: 'nouns' | 'verbs', language: EventLanguage) =>
  eventWords
    .map((words) => words[kind][language])
    .filter(Boolean)
    .join('|')
const nouns = { fr: any('nouns', 'fr'), en: any('nouns', 'en') }
const verbs = { fr: any('verbs', 'fr'), en: any('verbs', 'en') }
const whole = eventWords.map((words) => ({
  words,
  fr: new RegExp(`^(?:${[words.nouns.fr, words.verbs.fr].filter(Boolean).join('|')})$`, 'u'),
  en: new RegExp(`^(?:${[words.nouns.en, words.verbs.en].filter(Boolean).join('|')})$`, 'u'),
}))

/** A word that changes whose the date is, or whether anything happened at all. */
const turning =
  "ne|n'\\p{L}+|pas|non|jamais|promise?s?|annonc\\p{L}+|demand\\p{L}+|command\\p{L}+|signee?s?|envoy\\p{L}+|recue?s?|factur\\p{L}+|lettre|courrier|mail|contrat|devis|avant|apres|depuis|annul\\p{L}+|report\\p{L}+|" +
  'not|never|promised|announced|requested|ordered?|signed|sent|received|invoiced?|letter|email|contract|quote|before|after|since|until|cancel\\p{L}+|postponed'
const word = `(?!(?:${turning})(?!\\p{L}))[\\p{L}\\d'&.-]+`
const state = {
  fr: "(?: (?:initialement|prevue?s?|programmee?s?|planifiee?s?|fixee?s?|effectuee?s?|realisee?s?|constatee?s?|survenue?s?|intervenue?s?|declaree?s?|datee?s?|confirmee?s?|tenue?s?|organisee?s?|signalee?s?|est|a ete|sera|aura lieu|a eu lieu|s'est (?:produite?|tenue?|deroulee?))){0,3}",
  en: '(?: (?:initially|scheduled|planned|fixed|expected|made|carried out|completed|noticed|noted|found|reported|confirmed|held|is|was|will be|has been|will take place|took place|that (?:occurred|happened|took place)|occurred|happened)){0,3}',
}
const goods =
  "(?: (?:de |du |des |de la |de l'|de votre |de vos |de nos |de notre )(?:colis|marchandises?|palettes?|meubles|linge|cles|vehicules?|materiel|eaux))?"
const by = {
  fr: `(?: (?:de la |de l'|des |de |du |d'une? |a la |a l'|au |aux |a |chez |par |pour |dans |sur |avec |en )${word}(?: ${word}){0,3}){0,3}`,
  en: `(?: (?:of|for|to|at|in|from|by|with) ${word}(?: ${word}){0,3}){0,3}`,
}
const first = '(?<![\\p{L}\\d-])'
const sayings: [EventLanguage, RegExp][] = [
  ['fr', new RegExp(`${first}(${nouns.fr})${goods}${state.fr} (?:du|en date du|datant du) $`, 'u')],
  ['fr', new RegExp(`${first}(${nouns.fr})${by.fr}${state.fr},? (?:le|pour le|au) $`, 'u')],
  ['fr', new RegExp(`${first}(${verbs.fr})${by.fr},? le ?:? $`, 'u')],
  ['en', new RegExp(`${first}(${nouns.en})${state.en} (?:of|dated) (?:the )?$`, 'u')],
  ['en', new RegExp(`${first}(${nouns.en})${by.en}${state.en},? (?:on|for) (?:the )?$`, 'u')],
  ['en', new RegExp(`${first}(${verbs.en})${by.en},?(?: on)?(?: the)? $`, 'u')],
]
const denied =
  /(?:(?<!\p{L})(?:non|pas|jamais|sans|aucune?|devai(?:t|ent)|devrai(?:t|ent)|aurai(?:t|ent))|n'\p{L}+)(?: (?:ete|encore|du|etre|pu|de|la|une?))*[ -]?$|(?:(?<!\p{L})(?:not|never|without|no|should have|(?:was|were) (?:due )?to|failed to|payments?|fees?|tax|deposits?|rent)|n't)(?: (?:been|be|yet|have|a|any|was|were))* ?$/u
/** "Bon de livraison du …" dates the paper, not the delivery. */
const paper =
  /(?<!\p{L})(?:(?:bons?|bordereaux?|notes?|avis|frais|adresses?|delais?|conditions?|attestations?|preuves?|rapports?|declarations?|factures?|lettres?|formulaires?|confirmations?|demandes?|certificats?|recepisses?) (?:de |d'|du |de la |de l')|(?:proofs?|notes?|notices?|reports?|terms|confirmations?) of (?:the )?)$/u
const undone =
  /^ (?:n'\p{L}+|ne |(?:a|est|ont|sont|sera) (?:ete )?(?:annul|report|refus)|annul|report|(?:was|is|has been|will be) (?:not|cancel|postpon|refus)|(?:did|was|has|will|could) ?n[o']t|cancel|postpon)/u

function toTold(found: string, language: EventLanguage, at: number): Told | null {
  const words = whole.find((each) => each[language].test(found))?.words
  return words ? { words, language, at } : null
}

/** The event that the words before a date tell of, up to the date itself: "la livraison prévue le ". `behind` is what follows it. */
export function toldBefore(before: string, behind: string): Told | null {
  if (undone.test(behind)) return null
  for (const [language, pattern] of sayings) {
    const match = pattern.exec(before)
    const ahead = before.slice(Math.max(0, (match?.index ?? 0) - 40), match?.index)
    if (match?.[1] && !denied.test(ahead) && !paper.test(ahead)) return toTold(match[1], language, match.index)
  }
  return null
}

const article = "(?:une?|la|le|l'|notre|votre|an?|the|our|your)"
const openings: [EventLanguage, RegExp][] = [
  ['fr', new RegExp(`^,? ${article} ?(${nouns.fr})(?![\\p{L}-])`, 'u')],
  [
    'fr',
    new RegExp(
      `^,? (?:${word} ){1,6}?(?:a|ont|avons|avez|est|sont) (?:bien )?(?:ete )?(${verbs.fr})(?![\\p{L}-])`,
      'u',
    ),
  ],
  ['en', new RegExp(`^,? ${article} (${nouns.en})(?![\\p{L}-])`, 'u')],
  ['en', new RegExp(`^,? (?:${word} ){1,6}?(?:was|were|has been|have been) (${verbs.en})(?![\\p{L}-])`, 'u')],
  ['en', new RegExp(`^,? we (${verbs.en})(?![\\p{L}-])`, 'u')],
]

/** The event that the words behind a date at the beginning of a sentence tell of: ", un incident est survenu". */
export function toldBehind(behind: string): Told | null {
  for (const [language, pattern] of openings) {
    const match = pattern.exec(behind)
    if (match?.[1] && !undone.test(behind.slice(match[0].length))) return toTold(match[1], language, match[0].length)
  }
  return null
}

const planned = '(?:prevue?s?|effective|reelle|estimee)'
const labels: [EventLanguage, RegExp][] = [
  [
    'fr',
    new RegExp(
      `^(?:\\d{1,2} )?(?:(?:lieu(?: et |/))?dates?|jour)(?: et (?:lieu|heure))? (?:${planned} )?(?:de la |de l'|de |d'|du )(${nouns.fr})(?: ${planned})?(?: \\([^)]{0,20}\\))? ?:?$`,
      'u',
    ),
  ],
  ['fr', new RegExp(`^(${nouns.fr})(?: ${planned})?(?: le)? ?:?$`, 'u')],
  ['fr', new RegExp(`^(?:colis )?(${verbs.fr})(?: le)? ?:?$`, 'u')],
  [
    'en',
    new RegExp(
      `^(?:(?:scheduled|planned|actual|estimated) )?(${nouns.en})(?: date| on)?(?: (?:&|and) time)? ?:?$`,
      'u',
    ),
  ],
  ['en', new RegExp(`^date of (${nouns.en}) ?:?$`, 'u')],
  ['en', new RegExp(`^(${verbs.en})(?: on)? ?:?$`, 'u')],
]

/** The event whose date a label announces: "Date de livraison :", "Livré le", "Check-in". */
export function toldByLabel(label: string): Told | null {
  for (const [language, pattern] of labels) {
    const match = pattern.exec(label)
    if (match?.[1]) return toTold(match[1], language, 0)
  }
  return null
}

const steps: [EventLanguage, RegExp][] = [
  ['fr', new RegExp(`^(?:(?:votre )?(?:colis|envoi) )?(?:est |a ete )?(${verbs.fr})(?! le )(?: .{0,60})?$`, 'u')],
  [
    'en',
    new RegExp(`^(?:(?:your )?(?:parcel|shipment|package) )?(?:is |was |has been )?(${verbs.en})(?: .{0,60})?$`, 'u'),
  ],
]

/** What a line of a parcel's history says beside its date: "Livré au destinataire". */
export function toldByStep(step: string): Told | null {
  for (const [language, pattern] of steps) {
    const match = pattern.exec(step)
    if (match?.[1]) return toTold(match[1], language, step.length)
  }
  return null
}
