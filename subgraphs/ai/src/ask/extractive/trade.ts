import type { Form } from './forms.ts'

/** A thing of the trade that people ask for in other words than documents say it in. All patterns are of folded text. */
export interface TradeTerm {
  /** How questions name it. */
  asked: RegExp
  /** How documents name it, the surest first. */
  said: RegExp[]
  /** What form its value has, when the question does not tell. */
  form?: Form
  /** What to search for besides the question's own words, in the other language and in the words of documents. */
  find: string
}

const term = (asked: string, said: string | string[], find: string, form?: Form): TradeTerm => ({
  asked: new RegExp(`(?<![a-z0-9])(?:${asked})`, 'g'),
  said: [said].flat().map((source) => new RegExp(`(?<![a-z0-9])(?:${source})`, 'g')),
  find,
  ...(form && { form }),
})

const paper = "(?:(?:la |cette |l'|une |de )*(?:facture|avoir|invoice|credit note|bill|fa-\\S+)\\s?)"
const issuedSaid =
  "emise? le|emis le|date d'emission|date de (?:la )?facture|date d'avoir|invoice date|issued|issue date|facture du|fait (?:a|le)|date(?= *[:\\t\\n] *\\d)|[a-z][a-z' -]+, le (?=\\d)"

/** Money: what is paid, when, and to whom. */
const money: TradeTerm[] = [
  term(
    'combien (?:faut-il|doit-on|devons-nous|dois-je|faut il|reste-t-il a) ?(?:payer|regler|verser)?|a payer|a regler|reste (?:a payer|du)|net a payer|montant du\\b|solde\\b|(?:do|must|should) (?:we|i) (?:have to )?pay\\b(?!.* to\\b)|amount due|balance|left to pay',
    [
      'reste a payer|net a payer|solde|a payer|amount due|balance due|montant du',
      'ttc|toutes taxes|total a regler|incl\\w* (?:vat|tax)|grand total',
    ],
    'reste à payer net TTC solde montant amount due',
    'amount',
  ),
  term(
    "total(?:e)? (?:ttc|toutes taxes)|montant (?:total|ttc)(?! (?:de la |de |du )?(?:tva|taxe|ht|hors))|toutes taxes(?: comprises)?|ttc|s'eleve|total amount|total price|grand total|including vat|inc\\w* tax|gross total",
    [
      '(?:total|montant)[^\\n\\t]{0,12}(?:ttc|toutes taxes)|toutes taxes comprises|ttc|grand total|total incl\\w*|gross total',
      'total(?! (?:ht|hors|montant tva|tva|taxes?|eur))(?=[ \\t:]*-?\\d)',
    ],
    'total TTC toutes taxes comprises montant',
    'amount',
  ),
  term(
    '(?:total |montant )?(?:ht|hors tax\\w*)\\b|before tax|excluding (?:vat|tax)|net (?:total|amount)|excl\\w* vat',
    ['(?:total|montant|sous-total)[^\\n\\t]{0,6}(?:ht|hors tax\\w*)', '(?:ht|hors tax\\w*)\\b|subtotal|net total'],
    'total HT hors taxes sous-total',
    'amount',
  ),
  term(
    '(?:montant|total)(?: total)? (?:de (?:la )?|des )?(?:tva|taxes?)|(?:how much|amount of|total) (?:vat|tax)\\b|combien de (?:tva|taxes)',
    [
      'total (?:montant )?(?:de la )?(?:tva|taxes)|vat total|total vat',
      '(?<!hors |hors)(?:montant (?:de la )?)?(?:tva|taxes?|vat)(?=[^\\n]*\\d)',
    ],
    'total TVA taxes montant',
    'amount',
  ),
  term(
    "echeance|(?:quand|quelle date|date limite|jusqu'a quand).*(?:payer|regler|paye|reglee?|paiement|reglement)|\\bdue\\b|(?:payment )?deadline|pay by|delai de (?:paiement|reglement)|payment terms?",
    [
      'echeance|regler avant|date limite de (?:paiement|reglement)|payables?|due date|due (?:on|by)|payment due|pay by|a regler le',
      'conditions de paiement|delai de paiement|payment terms?',
    ],
    'échéance à régler avant le date limite de paiement payable',
    'when',
  ),
  term(
    `de quand date|date (?:d'emission|de (?:la |l'|cette )?(?:lettre|courrier|facture|avoir|reclamation|document|contrat)\\b)|quand .*(?:emise?|etablie?|facturee|ecrite?)\\b|\\bissued?\\b(?= *\\??$)|when was ${paper}?.*(?:issued|sent|written)|invoice date|date of (?:the )?(?:invoice|letter)`,
    issuedSaid,
    "date d'émission émise le",
    'date',
  ),
  term(
    '\\biban\\b|(?:quel|which|what) (?:compte|bank account|account)|compte (?:bancaire)?|\\brib\\b',
    ['iban'],
    'IBAN compte virement banque',
    'iban',
  ),
  term(
    'penalites?|retard de paiement|paiement en retard|late payment|late fee|interets? de retard',
    ['penalites?|late payment|interets? de retard|late fee', 'retard'],
    'pénalités retard paiement',
  ),
  term(
    'acompte|arrhes|\\bdown payment|avance versee',
    'acomptes?|arrhes|down payment|deposit paid|deja (?:verse|regle)',
    'acompte versé',
    'amount',
  ),
  term(
    'prix unitaire|unit price|\\bpu\\b|prix a l.unite',
    ['pu ht|prix unitaire|unit price|p\\.? ?u\\.?(?= )'],
    'PU HT prix unitaire',
  ),
  term(
    'remise|rabais|ristourne|discount|escompte',
    'remise|rem\\.|rabais|ristourne|discount|escompte',
    'remise rabais escompte',
  ),
  term(
    'rembours\\w*|refund|reimburs\\w*|reclame\\b|reclame-t-(?:il|elle|on)',
    'rembours\\w*|refund\\w*|reimburs\\w*|indemnis\\w*|reclamons|somme de',
    'remboursement somme',
  ),
]

/** Parties and goods. */
const transport: TradeTerm[] = [
  term(
    'client\\b|acheteur|buyer|customer|factur\\w+ a\\b|adressee? a|a qui .*(?:facture|avoir|adressee?)|quel client|adresse de facturation|bill(?:ed)? to|billing address',
    [
      "facture a\\b|adresse de facturation|client\\b|acheteur|buyer|bill(?:ed)? to|sold to|a l'attention de|kunde|kaufer",
      'destinataire|customer|adresse de livraison',
    ],
    'facturé à client adresse de facturation',
  ),
  term(
    'fournisseur|vendeur|emetteur|prestataire de|seller|supplier|vendor|issued (?:by|invoice|credit)|qui a (?:emis|etabli|envoye|facture)|who (?:issued|sent|billed)|raison sociale',
    ['emetteur|vendeur|fournisseur|seller|supplier|verkaufer', 'au capital de|rcs [a-z]|siret'],
    'émetteur fournisseur au capital RCS SIRET',
  ),
  term(
    'expedit\\w*|qui (?:envoie|expedie)|sender|shipper|consignor|qui a (?:ecrit|redige)|who (?:wrote|sent)',
    ['expediteur|sender|shipper|consignor|de :|from:', 'remettant'],
    'expéditeur sender',
  ),
  term(
    'destinat(?:aire|ion|ee?)|a qui|consignee|recipient|receiver',
    [
      '(?<!reserves du )destinataire|consignee|recipient|livre a|deliver(?:ed)? to|a :|to:',
      "a l'attention de|destinataire",
    ],
    'destinataire livré à consignee',
  ),
  term(
    'transporteur|qui transporte|carrier|haulier',
    [
      '(?<!reserves du )transporteur(?!s successifs)|(?<!reservations of the )carrier',
      'transporteur|carrier|transporte par',
    ],
    'transporteur carrier',
  ),
  term('reserves?\\b|reservations?\\b(?! (?:number|ec))', 'reserves?\\b|reservations?', 'réserves'),
  term(
    'colis|parcels?|packages?|nombre de cartons',
    ['nombre de colis|colis|parcels?|packages?'],
    'colis nombre parcels',
  ),
  term('palettes?|pallets?', 'palettes?|pallets?|paletten', 'palettes pallets'),
  term(
    'poids(?: brut)?|pese|weigh\\w*|gross weight',
    ['poids|weight|gewicht|pese\\w*|weigh\\w*'],
    'poids brut kg weight',
    'weight',
  ),
  term('volume|cubage', 'cubage|volume|m3\\b', 'cubage volume', 'volume'),
  term(
    'immatricul\\w*|plaque|number plate|vehicle plate|licen[cs]e plate|registration plate',
    ['vehicule|immatricul\\w*|plaque|vehicle|camion|fourgon'],
    'véhicule immatriculation',
    'plate',
  ),
  term(
    'prises? en charge|pris en charge|picked up|pick-?up|collected|enlev\\w*|chargement',
    ['prise en charge|enlev\\w*|pick-?up|picked up|collection', 'chargement'],
    'prise en charge enlèvement',
  ),
  term(
    '(?:ou|where|lieu|place|ville|destination).*(?:livr\\w*|deliver\\w*)|lieu de livraison|place of delivery',
    ['lieu (?:prevu pour la|de) livraison|place of delivery|adresse de livraison|livre a', 'destinataire|livr\\w*'],
    'lieu livraison destinataire',
    'place',
  ),
  term(
    '(?:a quelle |quelle )?adresse.*livre|livre\\w* a quelle adresse',
    ['destinataire|adresse de livraison|livre a'],
    'destinataire adresse de livraison',
    'address',
  ),
  term(
    '(?:quand|date|quel jour|a quelle date).*(?:livr\\w*|arriv\\w*|parven\\w*)|when .*deliver\\w*|date de livraison|delivery date',
    [
      'livre le|date de livraison|delivered on|delivery date|livraison (?:le|du|prevue)|devait (?:nous )?(?:parvenir|arriver|etre livre)',
      'livr\\w*|arriv\\w*|parvenir',
    ],
    'livré le date de livraison',
    'when',
  ),
  term(
    '(?:nature|type|genre) (?:de la |des )?(?:marchandises?|biens|goods)|quelles? marchandises?|que (?:transporte|contient)|nature of the goods|what goods',
    ['nature|marchandises?|goods|contenu|holds|contains?|contient', 'palettes|pallets'],
    'nature marchandise palettes contenu',
  ),
  term(
    '(?:numero|n°|no|reference|quelle|which|bon)(?: de| of)? (?:la )?(?:commande|order)|commande correspond|order (?:number|does|is)',
    ['(?:votre |ref\\. ?)?commande|order(?: number| no)?|purchase order|bestellung'],
    'commande order',
    'code',
  ),
  term(
    '(?:numero|n°|quelle|which)(?: de| of)? (?:la )?(?:facture|invoice) ?(?:correspond|est|.*envoi|does)',
    ['facture|invoice'],
    'facture invoice',
    'code',
  ),
  term(
    'objet\\b|subject\\b|quel (?:est le )?(?:probleme|motif)|what is the (?:problem|matter)',
    ['objet *:|subject *:|betreff *:', 'incident|probleme|motif'],
    'objet subject',
  ),
  term('(?:numero|n°|code)? ?sscc', 'sscc', 'SSCC', 'sscc'),
  term('chauffeurs?|conducteurs?|drivers?', 'chauffeurs?|conducteurs?|drivers?', 'conducteur chauffeur driver'),
  term(
    'vat (?:number|id|no)|(?:numero|n°)(?: de)? tva|tva intra\\w*',
    ['(?:n° |numero de )?tva(?=[ :intracomue°n]*[a-z]{2} ?[0-9a-z]{2})|vat (?:number|no|id)'],
    'TVA numéro',
    'vat',
  ),
  term('conteneurs?|containers?', 'conteneurs?|containers?', 'conteneur container'),
  term('assur\\w*|insur\\w*', 'assur\\w*|insur\\w*|police n', 'assurance assuré insurance'),
]

/** Houses and guests. */
const house: TradeTerm[] = [
  term(
    'liber\\w*|quitter|(?<!a )partir|depart\\b|check-?out|rendre les cles|leave the (?:house|villa|flat|apartment|property)|departure',
    ['depart\\b|liber\\w*|check-?out|rendre les cles|hand back the keys|day you leave|departure', 'quitt\\w*'],
    'départ libérer logement check-out leave keys',
    'time',
  ),
  term(
    'arriv(?:er|ee|ons)\\b(?! en)|check-?in|entrer dans|entree dans|when can (?:we|guests|i) (?:arrive|come)',
    ['arrivee|check-?in|check in|accueil'],
    'arrivée check-in',
  ),
  term(
    'depot de garantie|caution\\b|security deposit|(?:the |a )deposit\\b|en depot',
    'caution\\b|depot de garantie|security deposit|deposit',
    'caution dépôt de garantie deposit',
  ),
  term('cles?\\b|boite a cles|keys?\\b|key ?box', 'cles?\\b|keys?\\b|key ?box|lockbox', 'clés boîte à clés keys'),
  term(
    'wi-?fi|reseau (?:internet|sans fil)|internet',
    'wi-?fi|internet|network|reseau',
    'wifi réseau internet network',
  ),
  term('mot de passe|password|code wifi', 'mot de passe|password', 'mot de passe password'),
  term('piscine|swimming pool|pool', 'piscine|pool\\b|bassin', 'piscine pool'),
  term(
    'chiens?|dogs?|animaux|animal|pets?\\b',
    'chiens?|dogs?|animaux|animal|pets?\\b|cats?\\b|chats?\\b',
    'chiens animaux dogs pets',
  ),
  term('fumer|fumeurs?|smok\\w*|cigarette', 'fumer|fumeurs?|smok\\w*', 'fumer smoking'),
  term(
    'parking|se garer|garer|stationn\\w*|park\\b|cars?\\b|place de parking',
    'parking|gar(?:er|ent)|stationn\\w*|park\\b|parking spaces?',
    'parking stationnement',
  ),
  term(
    'poubelles?|dechets?|ordures?|rubbish|waste|trash|garbage|bins?\\b',
    'poubelles?|dechets?|ordures?|rubbish|waste|trash|garbage|bins?\\b|encombrants',
    'poubelles déchets ordures waste rubbish',
  ),
  term('recycl\\w*|jaunes?', 'recycl\\w*|jaunes?|tri selectif', 'recyclage jaunes recycling'),
  term('bruit|silence|noise|quiet|bruyant\\w*', 'bruit|silence|noise|quiet|bruyant\\w*|calme', 'bruit silence noise'),
  term('chambres?|bedrooms?', 'chambres?|bedrooms?', 'chambres bedrooms'),
  term(
    '(?:combien de |how many |nombre de |maximum number of )(?:personnes|voyageurs|invites|people|guests)',
    'voyageurs?|personnes|couchages?|guests?|sleeps?|people|accueille',
    'voyageurs personnes guests sleeps',
    'count',
  ),
  term('jardinier|gardener', 'jardinier|gardener', 'jardinier gardener'),
  term('menage|cleaning', 'menage|cleaning|nettoyage', 'ménage cleaning'),
  term(
    "qui (?:appeler|contacter|joindre|prevenir)|whom? (?:should|can|do) (?:i|we) (?:call|contact)|quel numero appeler|en cas d[e'] (?:probleme|urgence|fuite)|urgence|if something breaks|emergency",
    ['prevenez|appelez|contactez|call\\b|joignable|joindre|contact', 'urgence|fuite|emergency|signale'],
    'prévenez appelez urgence contact call',
  ),
  term(
    'voitures? electriques?|electric cars?|borne',
    'electriques?|electric|bornes?|recharge',
    'recharge électrique bornes',
  ),
  term(
    "ne .{1,40} pas\\b|n'\\w+.{1,40} pas\\b|interdit\\w*|exclue?s?|not\\b|forbidden|prohibited",
    [
      "(?:ne|n'\\w+) .{1,40}\\b(?:pas|jamais|plus)\\b|interdit\\w*|exclue?s?|refuse\\w*|not\\b|never\\b|forbidden|no\\b",
    ],
    '',
  ),
  term(
    'admis(?:es?)?\\b|acceptee?s?\\b|autorisee?s?\\b|permis(?:es?)?\\b|droit de|allowed|permitted|^(?:peut-on|puis-je|can (?:we|i|guests)|may (?:we|i))\\b',
    [
      'admis(?:es?)?\\b|accepte\\w*|autorise\\w*|permis(?:es?)?\\b|tolere\\w*|interdit\\w*|welcome|allowed|permitted|forbidden|prohibited',
    ],
    '',
  ),
  term(
    '^(?:faut-il|doit-on|dois-je|must (?:we|i)|do (?:we|i) (?:have|need) to|is it (?:mandatory|compulsory|necessary))\\b',
    ['obligatoire\\w*|doit|doivent|exige\\w*|must|mandatory|compulsory|required'],
    '',
  ),
  term(
    'gardienne?s?\\b|concierge\\b(?!rie)|caretaker|janitor',
    'gardienne?s?\\b|concierge\\b|caretaker|janitor',
    'gardien gardienne concierge caretaker',
  ),
  term('habite\\w*|domicile|reside\\w*|lives?\\b', ['adresse|domicile|reside\\w*|address'], 'adresse', 'address'),
  term('(?:proprietaire|owner|owns)\\b', 'proprietaires?|owners?|owned', 'propriétaire owner'),
]

/** People, work and the rest. */
const work: TradeTerm[] = [
  term(
    'salaires?|wages?|salary|salaries|pay ?day',
    'salaires?|salari\\w*|wages?|salar\\w*|remuneration',
    'salaire salaries',
  ),
  term('conges?|holidays?|vacances|leave request|days off', 'conges?|holidays?|vacances|leave', 'congés holiday'),
  term('reunions?|meetings?', 'reunions?|meetings?', 'réunion meeting'),
  term('absent\\w*|excuse\\w*', 'absent\\w*|excus\\w*', 'absent excusé'),
  term('presid\\w*', 'presid\\w*|chair\\w*', 'président'),
  term(
    "numero d'enregistrement|registration number",
    "numero d'enregistrement|registration number|enregistrement",
    'numéro enregistrement',
    'code',
  ),
  term(
    'tarif|prix|coute\\w*|cout\\b|combien .*payante?|cost\\w*|price|charged?\\b|frais|fee\\b',
    ['prix|tarif|coute\\w*|cout\\b|factur\\w*|cost\\w*|charg\\w*|frais|fee\\b|price|supplement'],
    'prix coût facturé cost',
  ),
  term(
    'abime\\w*|endommag\\w*|avari\\w*|casse\\w*|damag\\w*|broken',
    'abime\\w*|endommag\\w*|avari\\w*|casse\\w*|damag\\w*|broken|enfonce\\w*|mouille\\w*',
    'endommagé avarie damaged',
  ),
]

export const trade: readonly TradeTerm[] = [...money, ...transport, ...house, ...work]
