const month =
  '(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept|oct|nov|dec|janv|fevr|avr|juil)\\b\\.?'
const weekday =
  '(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?'
const few =
  '(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|quinze|vingt|trente|quarante|cinquante|soixante|cent|mille|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|hundred)'
const one = `(?:un|une|one|an?|${few})`
const number = '(?<!\\d|n° ?|no )-?\\d+(?:[ .]\\d{3})*(?:[.,]\\d+)?'

const date = `\\b\\d{1,2}[/.-]\\d{1,2}[/.-]\\d{2,4}\\b|\\b\\d{4}-\\d{2}-\\d{2}\\b|\\b(?:\\d{1,2}(?:er|st|nd|rd|th)?|premier)\\s+(?:of\\s+)?${month}(?:\\s+\\d{4})?|\\b${month}\\s+\\d{1,2}\\b|\\b${month}(?:\\s+\\d{4})?\\b|\\b${weekday}\\b|\\b1er\\b|\\b\\d{1,2}(?:st|nd|rd|th)\\b|\\bla veille\\b|\\ble \\d{1,2} de chaque\\b|\\b(?:1[5-9]|20)\\d{2}\\b(?![,.]?\\d)`
const time = `\\b\\d{1,2}\\s?h(?:\\s?\\d{2})?\\b|\\b\\d{1,2}:\\d{2}\\b|\\b\\d{1,2}(?::\\d{2})?\\s?[ap]\\.?m\\b|\\b\\d{1,2}\\s(?:heures?|o'clock)\\b|\\b(?:midi|minuit|noon|midnight)\\b`
const duration = `\\b(?:\\d+(?:[.,]\\d+)?|${one})(?:-|\\s)(?:(?:and a half|et demie|jours?\\s+ouvr\\w+)\\s)?(?:minutes?|min|heures?|hours?|h|jours?|days?|semaines?|weeks?|mois|months?|ans?|annees?|years?|demi-journee|demi-heure)\\b|\\bdemi-journee\\b`

/** What form an answer can have, and how it looks in a folded text. Hard forms must be there; soft ones speak for a sentence. */
export const forms = {
  iban: /\b[a-z]{2}\d{2}(?: ?[a-z0-9]{4}){3,7}(?: ?[a-z0-9]{1,3})?\b/g,
  siret: /\b\d{3} ?\d{3} ?\d{3} ?\d{5}\b/g,
  siren: /\b\d{3} ?\d{3} ?\d{3}\b/g,
  vat: /\b[a-z]{2} ?[0-9a-z]{2} ?\d{3} ?\d{3} ?\d{3}\b/g,
  sscc: /\b\d{18}\b|\(00\)[^\n]{0,12}?\d[\d ]{16,20}\d/g,
  plate: /\b[a-z]{2}-\d{3}-[a-z]{2}\b|\b\d{2,4} [a-z]{2,3} \d{2}\b/g,
  email: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g,
  phone: /(?<![\d+])0[1-9](?:[ .-]?\d{2}){4}(?!\d)|\+\d{1,3}(?:[ .-]?\(?\d{1,4}\)?){3,6}(?!\d)/g,
  amount: new RegExp(
    `(?<!base )${number}\\s?(?:€|eur\\b|euros?\\b|£|\\$|usd\\b|dollars?\\b)|(?:€|£|\\$)\\s?${number}|(?<!base )-?\\d+(?:[ .]\\d{3})*,\\d{2}\\b(?!\\s?(?:%|kg|m))`,
    'g',
  ),
  percent: new RegExp(`\\d+(?:[.,]\\d+)?\\s?(?:%|pour cent|percent)|\\b${few} fois\\b`, 'g'),
  date: new RegExp(date, 'g'),
  time: new RegExp(time, 'g'),
  duration: new RegExp(duration, 'g'),
  when: new RegExp(`${date}|${time}|${duration}`, 'g'),
  weight: new RegExp(number, 'g'),
  temperature: new RegExp(`${number}\\s?(?:°|degres|degrees|celsius)`, 'g'),
  speed: new RegExp(`${number}\\s?(?:km/h|kmh|mph|noeuds|knots)\\b`, 'g'),
  area: new RegExp(`${number}\\s?(?:m2|m²|metres? carres?|hectares?|ha|square)(?![a-z0-9])`, 'g'),
  volume: new RegExp(`${number}\\s?(?:m3|m³|metres? cubes?|litres?|l)(?![a-z0-9])`, 'g'),
  length: new RegExp(
    `${number}\\s?(?:m|metres?|meters?|cm|mm|km|kilometres?|kilometers?|miles?|minutes?|feet)(?![a-z0-9/])`,
    'g',
  ),
  count: new RegExp(`${number}|\\b${few}\\b`, 'g'),
  code: /\b(?:[a-z]{1,6}[./-]?)?\d[a-z0-9]{2,}(?:[./-][a-z0-9]*\d[a-z0-9]*)*\b|\b[a-z]{2,6} (?!(?:19|20)\d\d\b)\d{3,}[a-z0-9-]*\b|\b\w{1,20}-\d[a-z0-9]*\b|\b\d{1,6}-\d{2,6}(?:-\d{2,6})*\b/g,
  address:
    /\b\d{5} +[a-z]|\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|quai|place|chemin|allee|impasse|route|[a-z]+ (?:street|road|lane))\b/g,
  place:
    /\b\d{5} +[a-z]|\b(?:rue|avenue|boulevard|quai|place|chemin|allee|a cote|a gauche|a droite|derriere|devant|sous|dans|sur|chez|near|behind|next to|under|inside|in the|on the|at the|to the)\b/g,
  reason: /\b(?:parce qu|car|pour|afin|faute|en raison|a cause|a la suite|because|due to|owing|for lack|in order)\b|:/g,
} satisfies Record<string, RegExp>

export type Form = keyof typeof forms | 'name'

/** What speaks for a sentence without deciding: prepositions are everywhere. */
export const softForms: ReadonlySet<Form> = new Set<Form>(['place', 'reason', 'name'])

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

/** Which form a question asks for: its numbers by name first, then by the word that asks, then by what is asked. */
const asked: [RegExp, Form][] = [
  [/\bsiret\b/, 'siret'],
  [/\bsiren\b/, 'siren'],
  [/\bsscc\b/, 'sscc'],
  [
    /\biban\b|\bcompte\b.*\b(?:virer|vir|payer|regler|verser)|\b(?:virer|verser)\b.*\bcompte\b|\bbank account\b|\brib\b/,
    'iban',
  ],
  [/\b(?:numero|n°|no|number|code)\b.*\b(?:tva|vat)\b|\b(?:tva|vat) (?:intra|number|id)/, 'vat'],
  [/\b(?:immatricul|plaque|number plate|vehicle plate|licen[cs]e plate|registration plate)/, 'plate'],
  [
    /\b(?:adresse (?:e-?mail|electronique|mail|de courriel)|e-?mail address|(?:e-?mail|courriel|mail) (?:de|du|of))\b|\b(?:quel|quelle|what|which) (?:est |is )?(?:l'|the |son |leur |your |votre )?(?:e-?mail|courriel|mail)\b/,
    'email',
  ],
  [/\b(?:telephone|phone|quel numero appeler|numero d'urgence|which number)\b/, 'phone'],
  [/\b(?:a quelle heure|quelle heure|quels? horaires?|what time|opening hours|horaires)\b/, 'time'],
  [
    /\b(?:combien de temps|quelle duree|duree|how long|quel delai|dans quel delai|preavis|notice period|(?:combien de|how many) (?:jours|mois|semaines|heures|minutes|ans|annees|days|months|weeks|hours|years))\b/,
    'duration',
  ],
  [
    /\b(?:quand|when|jusqu'a quand|until when|a quel moment|de quand|quel jour|quels jours|a quelle date|quelle annee|which days?|what days?|which year|what year|what date|quelle est la date|date d'|date de|deadline|echeance)/,
    'when',
  ],
  [/\b(?:where|quel endroit|quel lieu|quelle ville|which city|dans quelle ville)\b/, 'place'],
  [/\b(?:pourquoi|why|pour quelle raison)\b/, 'reason'],
  [
    /^(?:(?:a|par|avec|chez|de|pour) )?(?:qui\b|whom?\b)|\b(?:comment s'appelle|quel client|quel fournisseur|quelle societe|quelle compagnie|which company|whose)\b/,
    'name',
  ],
  [/\b(?:pourcentage|percentage|quel taux|taux|what rate|commission|tva applique)\b/, 'percent'],
  [/\b(?:poids|pese|pesent|weight|weigh|weighs)\b/, 'weight'],
  [/\b(?:temperature|combien de degres)\b/, 'temperature'],
  [/\b(?:vitesse|speed|how fast)\b/, 'speed'],
  [/\b(?:surface|superficie|area)\b/, 'area'],
  [/\b(?:volume|cubage)\b/, 'volume'],
  [
    /\b(?:hauteur|longueur|largeur|profondeur|distance|height|length|width|depth|how (?:far|high|deep|tall))\b/,
    'length',
  ],
  [/\b(?:nombre d|number of)/, 'count'],
  [
    /\b(?:montant|prix|cout|tarif|somme|coute\w*|s'eleve|budget|solde|acompte|caution|depot de garantie|remboursement|how much|price|cost|amount|fee|total|deposit|wage|salaire)\b|\bcombien (?!de )(?!d')|\ba combien\b/,
    'amount',
  ],
  [/\b(?:combien|how many|nombre|quantite|quantity)\b/, 'count'],
  [/\b(?:adresse|address)\b/, 'address'],
  [/\b(?:numero|n°|reference|ref|number|code|quelle commande|which order|quelle facture|which invoice)\b/, 'code'],
  [/\b(?:nom|name|qui|who)\b/, 'name'],
]

/** The form that an answer to the folded question must have; null when its words do not tell. */
export function formOf(question: string): Form | null {
  return asked.find(([words]) => words.test(question))?.[1] ?? null
}
