/** What form an answer to a question must have, as far as its words tell. */
const forms: { asked: RegExp; given: RegExp }[] = [
  { asked: /\b(combien|montant|prix|coût|tarif|total|how much|amount|price|cost)\b/i, given: /\d/ },
  { asked: /\b(quand|date|jour|heure|délai|échéance|when|deadline|day|hour|time)\b/i, given: /\d|\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b/i },
  { asked: /\b(numéro|n°|référence|téléphone|siret|siren|iban|code|number|reference|phone)\b/i, given: /\d/ },
  { asked: /\b(adresse|où|ville|lieu|where|address|city|place)\b/i, given: /\d{5}|\p{Lu}\p{L}+/u },
  { asked: /\b(qui|nom|who|whom|name)\b/i, given: /\p{Lu}\p{L}+/u },
  { asked: /\b(e-?mail|courriel|mail)\b/i, given: /@/ },
  { asked: /\b(poids|pèse|weight)\b/i, given: /\d\s*(kg|t|g|tonnes?)\b/i },
]

/** 1 when the sentence has the form that is asked for, 0 when it has not, ½ when none is. */
export function fits(question: string, sentence: string): number {
  const wanted = forms.filter(({ asked }) => asked.test(question))
  if (wanted.length === 0) return 0.5
  return wanted.filter(({ given }) => given.test(sentence)).length / wanted.length
}
