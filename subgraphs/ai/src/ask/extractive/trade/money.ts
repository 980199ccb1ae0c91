import { term, type TradeTerm } from './term.ts'

const paper = '(?:facture|avoir|lettre|courrier|reclamation|document|contrat|devis|bon|recu|quittance)'

/** What is paid, when, and to whom. */
export const money: readonly TradeTerm[] = [
  term({
    asked: [
      'combien (?:faut-il|doit-on|devons-nous|dois-je|faut il|reste-t-il a) ?(?:payer|regler|verser)?',
      'a payer|a regler|reste (?:a payer|du)|net a payer|solde\\b|montant du(?= *\\?)',
      '(?:do|must|should) (?:we|i) (?:have to )?pay\\b(?!.* to\\b)|amount due|balance|left to pay',
    ],
    said: [
      'reste a payer|net a payer|solde|a payer|amount due|balance due|montant du',
      'ttc|toutes taxes|total a regler|incl\\w* (?:vat|tax)|grand total',
    ],
    find: 'reste à payer net TTC solde montant amount due',
    form: 'amount',
  }),
  term({
    asked: [
      'total(?:e)? (?:ttc|toutes taxes)|montant (?:total|ttc)(?! (?:de la |de |du )?(?:tva|taxe|ht|hors))|toutes taxes(?: comprises)?|ttc',
      "combien s'eleve (?=la facture|l'avoir|le devis)|total amount|total price|grand total|including vat|inc\\w* tax|gross total",
      'how much is (?=(?:the |this )?(?:invoice|bill|quote|credit note))',
    ],
    said: [
      '(?:total|montant)[^\\n\\t]{0,12}(?:ttc|toutes taxes)|toutes taxes comprises|ttc|grand total|total incl\\w*|gross total',
      'total(?! (?:ht|hors|montant tva|tva|taxes?|eur))(?=[ \\t:]*-?\\d)',
    ],
    find: 'total TTC toutes taxes comprises montant',
    form: 'amount',
  }),
  term({
    asked: [
      '(?:total |montant )?(?:ht|hors tax\\w*)\\b|before tax|excluding (?:vat|tax)|net (?:total|amount)|excl\\w* vat',
    ],
    said: [
      '(?:total|montant|sous-total)[^\\n\\t]{0,6}(?:ht|hors tax\\w*)',
      '(?:ht|hors tax\\w*)\\b|subtotal|net total',
    ],
    find: 'total HT hors taxes sous-total',
    form: 'amount',
  }),
  term({
    asked: [
      '(?:montant|total)(?: total)? (?:de (?:la )?|des )?(?:tva|taxes?)|combien de (?:tva|taxes)',
      '(?:how much|amount of|total) (?:vat|tax)\\b',
    ],
    said: [
      'total (?:montant )?(?:de la )?(?:tva|taxes)|vat total|total vat',
      '(?<!hors |hors)(?:montant (?:de la )?)?(?:tva|taxes?|vat)(?=[^\\n]*\\d)',
    ],
    find: 'total TVA taxes montant',
    form: 'amount',
  }),
  term({
    asked: [
      "echeance|(?:quand|quelle date|date limite|jusqu'a quand)(?! .*ete).*(?:payer|regler|payee?|reglee?|paiement|reglement)\\b",
      '\\bdue\\b|(?:payment )?deadline|pay by|delai de (?:paiement|reglement)|payment terms?',
    ],
    said: [
      'echeance|regler avant|date limite de (?:paiement|reglement)|payables?|due date|due (?:on|by)|payment (?:is )?due|pay by|a regler le',
      'conditions de paiement|delai de paiement|payment terms?',
    ],
    find: 'échéance à régler avant le date limite de paiement payable payment due',
    form: 'when',
  }),
  term({
    asked: [
      `de quand date(?= .*${paper})|date (?:d'emission|de (?:la |l'|cette )?${paper}\\b)|quand .*(?:emise?|etablie?|facturee|ecrite?)\\b`,
      '\\bissued?\\b(?= *\\??$)|when was .*(?:issued|sent|written)|invoice date|date of (?:the )?(?:invoice|letter)',
    ],
    said: [
      "emise? le|emis le|date d'emission|date de (?:la )?facture|date d'avoir|invoice date|issued|issue date|facture du|fait (?:a|le)|" +
        "date(?= *[:\\t\\n] *\\d)|[a-z][a-z' -]+, le (?=\\d)",
    ],
    find: "date d'émission émise le",
    form: 'date',
  }),
  term({
    asked: ['\\biban\\b|(?:quel|which|what) (?:compte|bank account|account)|compte bancaire|bank account|\\brib\\b'],
    said: ['iban'],
    find: 'IBAN compte virement banque',
    form: 'iban',
  }),
  term({
    asked: [
      'penalites? de retard|penalites?(?= de)|retard de paiement|paiement en retard|late payment|late fee|interets? de retard',
    ],
    said: ['penalites?|late payment|interets? de retard|late fee', 'retard'],
    find: 'pénalités retard paiement late payment',
  }),
  term({
    asked: ['acompte|arrhes|down payment|avance versee'],
    said: ['acomptes?|arrhes|down payment|deposit paid|deja (?:verse|regle)'],
    find: 'acompte versé arrhes',
    form: 'amount',
  }),
  term({
    asked: ['prix unitaire|unit price|\\bpu\\b|prix a l.unite'],
    said: ['pu ht|prix unitaire|unit price|p\\.? ?u\\.?(?= )'],
    find: 'PU HT prix unitaire',
  }),
  term({
    asked: ['rembours\\w*(?= (?:est |a ete )?(?:demande|reclame))|reclame\\b|reclame-t-(?:il|elle|on)'],
    said: ['rembours\\w*|refund\\w*|reimburs\\w*|indemnis\\w*|reclamons|somme de'],
    find: 'remboursement somme',
  }),
  term({
    asked: ['numero(?:s)? (?:de )?tva|n°(?: de)? tva|tva intra\\w*|vat (?:number|id|no)'],
    said: ['(?:n° |numero de )?tva(?=[ :intracomue°n]*[a-z]{2} ?[0-9a-z]{2})|vat (?:number|no|id)'],
    find: 'TVA numéro',
    form: 'vat',
  }),
]
