import type { Form } from './forms.ts'

/** Words that ask for a form whatever they ask about. */
const byAsking: readonly [RegExp, Form][] = [
  [/\biban\b|\bsur quel compte\b|\b(?:quel|which|what) (?:bank )?account\b|\brib\b/, 'iban'],
  [/\b(?:quel numero appeler|which number)\b/, 'phone'],
  [/\b(?:a quelle heure|quelle heure|quels? horaires?|what time)\b/, 'time'],
  [/\b(?:combien de temps|how long|dans quel delai)\b/, 'duration'],
  [
    /\b(?:combien de|how many) (?:jours|mois|semaines|heures|minutes|ans|annees|days|months|weeks|hours|years)\b/,
    'duration',
  ],
  [/\b(?:quels? jours?|which days?|what days?)\b/, 'day'],
  [/(?:^|\b(?:depuis|jusqu'a|de|pour|des|et|a partir de) )quand\b|(?:^|\b(?:since|until|by|and) )when\b/, 'when'],
  [/\b(?:a quel moment|a quelle date|quelle annee|which year|what year|what date)\b/, 'when'],
  [
    /(?:^|\b(?:d|par|et|and) )where\b|\b(?:quel endroit|quel lieu|quelle ville|which city|dans quelle ville)\b/,
    'place',
  ],
  [/\b(?:pourquoi|why|pour quelle raison)\b/, 'reason'],
  [/\b(?:c'est quoi|qu'est-ce qu(?:e|')? ?(?:c'est|un)?|what is an? |what does .* mean|que signifie)/, 'definition'],
  [/^(?:(?:a|par|avec|chez|de|pour|et) )?(?:qui\b|whom?\b)|\b(?:comment s'appelle|whose)\b/, 'name'],
  [/\bquel(?:le)? (?:client|fournisseur|societe|compagnie|transporteur)\b|\bwhich (?:company|carrier)\b/, 'name'],
  [/\b(?:combien (?:pese|pesent)|weigh)\b/, 'weight'],
  [/\bhow (?:far|high|deep|tall|long)\b/, 'length'],
  [/\bhow fast\b/, 'speed'],
  [/\b(?:how much|a combien)\b|\bcombien (?!de )(?!d')|\bcoute(?:nt|ra)?\b.*\bcombien\b/, 'amount'],
  [/\b(?:combien|how many)\b/, 'count'],
]

/** Nouns that have a form of their own, when it is they that are asked for. */
const byNoun: readonly [string, Form][] = [
  ['siret', 'siret'],
  ['siren', 'siren'],
  ['sscc', 'sscc'],
  ['tva intra\\w*|tva (?=de |du )|vat (?:number|id|no)|numero (?:de )?tva', 'vat'],
  ["(?:plaque d')?immatricul\\w*|plaque|plate|registration plate", 'plate'],
  ['adresse (?:e-?mail|electronique|mail|de courriel)|e-?mail|courriel|mail', 'email'],
  ["telephone|phone|numero d'urgence", 'phone'],
  ['horaires?|heures?|opening hours|time', 'time'],
  ['duree|delai|preavis|notice period|duration|payment terms?', 'duration'],
  ['echeance|date|deadline|jour|moment', 'when'],
  ['pourcentage|percentage|taux|rate|commission', 'percent'],
  ['poids|weight', 'weight'],
  ['temperature', 'temperature'],
  ['vitesse|speed|speed limit', 'speed'],
  ['surface|superficie|area', 'area'],
  ['volume|cubage', 'volume'],
  ['hauteur|longueur|largeur|profondeur|distance|height|length|width|depth', 'length'],
  ['nombre d\\S*|number of|quantite|quantity|maximum number', 'count'],
  [
    'montants?|prix|cout|tarifs?|somme|budget|solde|acompte|caution|loyer|depot de garantie|remboursement|total|price|cost',
    'amount',
  ],
  ['amount|fee|deposit|wage|salaire|rent|supplement|indemnite|penalite', 'amount'],
  ['adresse|address|siege', 'address'],
  ['numeros?|n°|reference|ref|number|code|commande|order|facture|invoice', 'code'],
  ['nom|name', 'name'],
]

/** What stands before a noun that is asked for: "quel est le", "what is the total", or nothing at all. */
const before =
  "(?:^(?:et |and )?(?:le |la |l'|les |the |son |sa |ses |its |quel est )?|" +
  "\\b(?:quel(?:le)?s?|what|which)(?: (?:est|sont|etait|sera|is|are|was))?(?: (?:le|la|les|l'|the|son|sa|ses|leur|its|their|your|votre))? ?|" +
  "\\b(?:donner?|donnez|indiquer?|indiquez|connaitre|give me|tell me|besoin d[eu]|cherche) (?:moi )?(?:le |la |l'|the )?)"
/** Words that may stand between, as the carrier's in "the carrier's VAT number". */
const between = "(?:[\\w'’-]+ (?:de |of |du )?){0,2}?"

const nounPatterns = byNoun.map(
  ([noun, form]) => [new RegExp(`${before}${between}(?:${noun})(?![a-z0-9])`), form] as const,
)

/** The nouns whose number or address is always what is asked, whatever word asks. */
const tellingNouns = 7

/** The form that an answer to the folded question must have, with "where" for "où"; null when its words do not tell. */
export function formOf(question: string): Form | null {
  return (
    firstNoun(question, nounPatterns.slice(0, tellingNouns)) ??
    byAsking.find(([words]) => words.test(question))?.[1] ??
    firstNoun(question, nounPatterns)
  )
}

/** The form of the noun that comes first: a "salaire horaire" is an amount. */
function firstNoun(question: string, patterns: typeof nounPatterns): Form | null {
  const found = patterns.flatMap(([words, form]) => {
    const match = words.exec(question)
    return match ? [{ form, end: match.index + match[0].length }] : []
  })
  return found.sort((a, b) => a.end - b.end)[0]?.form ?? null
}
