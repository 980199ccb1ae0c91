import { firstNames, plain, streetWords, tradeWords } from './words.ts'

/** A stretch of a page's text. */
export interface Stretch {
  start: number
  end: number
}

const given = String.raw`\p{Lu}[\p{L}'’]*(?:-\p{Lu}[\p{L}'’]*)*`
const particle = String.raw`(?:de la |de l['’]|des |du |de |d['’]|le |la |van der |van de |van |von |el |ben )`
const fullName = new RegExp(`^${given}(?: ${given}){0,2} ${particle}?${given}$`, 'u')

/** The words of a name, without accents and case. */
export function nameWords(name: string): string[] {
  return plain(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
}

/** True for "Tony Dubois" and "DUBOIS Tony": two to four words with capitals, a known first name at one end, no word of a trade. */
export function isPersonName(text: string): boolean {
  if (text.length > 60 || !fullName.test(text)) return false
  const words = nameWords(text)
  const ends = [words[0] ?? '', /^\p{Lu}{2,} /u.test(text) ? (words.at(-1) ?? '') : '']
  return (
    ends.some((word) => firstNames.has(word)) && !words.some((word) => tradeWords.has(word) || streetWords.has(word))
  )
}

const notNames =
  /^(?:tel|fax|mobile|e-?mail|mail|courriel|site|www|http|service|date|page|total|sous-total|objet|adresse|ref|reference|n°|no|numero|commande|nom|prenom|signature|facture|avoir|devis|bon|bordereau|lettre|cmr|madame|monsieur|cher|chere|bonjour|dear|hello|veuillez|merci|montant|taxe|tva|prix|quantite|qte|designation|description|conditions|reglement|paiement|echeance|iban|bic|siret|siren|rcs|ape|capital|code|vehicule|poids|cubage|volume|nombre|neant|franco|non|oui|aucune?|livre|livraison|expedie|emise?|le|la|les|ce|cette|nous|vous|votre|notre|il|elle|en|au|aux|par|pour|dans|sur|avec|sans|si|marques|reserves|lieu|port|dossier|client|destinataire|expediteur|transporteurs?|fournisseur|vendeur|acheteur|contact|article|annexe|chapitre|sommaire|introduction|conclusion|france|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|invoice|quote|delivery|order|amount|subject|from|to|copie|cc|envoye)(?![a-z])/

/** True when a line of its own may be the name of somebody: capital first, few words, no figures, none of the words forms are made of. */
export function isNameLike(text: string): boolean {
  if (text.length < 3 || text.length > 60 || !/^\p{Lu}/u.test(text) || /[:;!?@=€%<>|_]|\d{2}|[.,]$/u.test(text))
    return false
  const words = nameWords(text)
  return words.length >= 1 && words.length <= 7 && /\p{L}{3}/u.test(text) && !notNames.test(plain(text))
}

/** True when the words directly before `offset` begin a street or a building, so that the name there is not a person's or a company's own. */
export function isBehindStreet(text: string, offset: number): boolean {
  const before = nameWords(text.slice(Math.max(0, offset - 40), offset)).slice(-3)
  return before.some((word) => streetWords.has(word))
}
