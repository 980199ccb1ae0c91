import { term, type TradeTerm } from './term.ts'

/** Who sends what to whom, and the papers that go with it. */
export const transport: readonly TradeTerm[] = [
  term({
    asked: [
      'cliente?\\b|acheteur|buyer|customer|factur\\w+ a\\b|adressee? a|a qui .*(?:facture|avoir|devis|adressee?)',
      'adresse de facturation|bill(?:ed)? to|billing address',
    ],
    said: [
      "facture a\\b|adresse de facturation|cliente?\\b|acheteur|buyer|bill(?:ed)? to|sold to|a l'attention de|kunde|kaufer",
      'destinataire|customer|adresse de livraison',
    ],
    find: 'facturé à client adresse de facturation',
  }),
  term({
    asked: [
      'fournisseur|vendeur|emetteur|prestataire de|seller|supplier|vendor|issued (?:by|invoice|credit)|raison sociale',
      'qui a (?:emis|etabli|envoye|facture)|who (?:issued|sent|billed)',
    ],
    said: ['emetteur|vendeur|fournisseur|seller|supplier|verkaufer', 'au capital de|rcs [a-z]|siret'],
    find: 'émetteur fournisseur au capital RCS SIRET',
  }),
  term({
    asked: ['expediteur|qui (?:envoie|expedie)|sender|shipper|consignor|qui a (?:ecrit|redige)|who (?:wrote|sent)'],
    said: ['expediteur|sender|shipper|consignor|de :|from:', 'remettant|expedie'],
    find: 'expéditeur sender shipper',
  }),
  term({
    asked: ['destinat(?:aire|ion|ee?)|a qui|consignee|recipient|receiver'],
    said: [
      '(?<!reserves du )destinataire|consignee|recipient|livre a|deliver(?:ed)? to|a :|to:',
      "a l'attention de|destinataire",
    ],
    find: 'destinataire livré à consignee',
  }),
  term({
    asked: ['transporteur|qui transporte|carrier|haulier'],
    said: [
      '(?<!reserves du )transporteur(?!s successifs)|(?<!reservations of the )carrier',
      'transporteur|carrier|transporte par',
    ],
    find: 'transporteur carrier',
  }),
  term({
    asked: ['reserves?\\b|reservations?(?= (?:on|noted|of the (?:carrier|consignee)))'],
    said: ['reserves?\\b|reservations?'],
    find: 'réserves reservations',
  }),
  term({
    asked: ['nombre de colis|colis(?! \\d)|parcels?|packages?'],
    said: ['nombre de colis|colis|parcels?|packages?'],
    find: 'colis nombre parcels',
  }),
  term({
    asked: ['poids(?: brut)?|pese\\w*|weigh\\w*|gross weight'],
    said: ['poids|weight|gewicht|pese\\w*|weigh\\w*'],
    find: 'poids brut weight',
    form: 'weight',
  }),
  term({ asked: ['volume|cubage'], said: ['cubage|volume|m3\\b'], find: 'cubage volume', form: 'volume' }),
  term({
    asked: ['immatricul\\w*|plaque|number plate|vehicle plate|licen[cs]e plate|registration plate'],
    said: ['vehicule|immatricul\\w*|plaque|vehicle|camion|fourgon|truck'],
    find: 'véhicule immatriculation truck',
    form: 'plate',
  }),
  term({
    asked: ['prises? en charge|picked up|pick-?up|collected'],
    said: ['prise en charge|enlev\\w*|pick-?up|picked up|collection', 'chargement|loading'],
    find: 'prise en charge enlèvement',
  }),
  term({
    asked: [
      '(?:ou|where|lieu|place|ville|destination).*(?:livr\\w*|deliver\\w*)|lieu de livraison|place of delivery',
      '(?:a quelle |quelle )?adresse.*livree?r?|livre\\w* a quelle adresse',
    ],
    said: [
      'lieu (?:prevu pour la|de) livraison|place of delivery|adresse de livraison|livre a',
      'destinataire|consignee|livr\\w*',
    ],
    find: 'lieu livraison destinataire consignee',
    form: 'place',
  }),
  term({
    asked: [
      '(?:quand|date|quel jour|a quelle date).*(?:livr\\w*|arriv\\w*|parven\\w*)|when .*deliver\\w*|date de livraison|delivery date',
    ],
    said: [
      'livre le|date de livraison|delivered on|delivery date|livraison (?:le|du|prevue)|devait (?:nous )?(?:parvenir|arriver|etre livre)',
      'livr\\w*|arriv\\w*|parvenir|deliver\\w*',
    ],
    find: 'livré le date de livraison delivery',
    form: 'when',
  }),
  term({
    asked: [
      '(?:nature|type|genre) (?:de la |des )?(?:marchandises?|biens|goods)|quelles? marchandises?|que (?:transporte|contient)',
      'nature of the goods|what goods',
    ],
    said: ['nature|marchandises?|goods|contenu|holds|contains?|contient', 'palettes|pallets'],
    find: 'nature marchandise palettes contenu goods',
  }),
  term({
    asked: [
      '(?:numero|n°|no|reference|quelle|bon)(?: de)? (?:la )?commande|commande correspond',
      '(?:which|what) order|order (?:number|does|is)',
    ],
    said: ['(?:votre |ref\\. ?)?commande|order(?: number| no)?|purchase order|bestellung'],
    find: 'commande order',
    form: 'code',
  }),
  term({
    asked: ['(?:numero|n°|quelle|which)(?: de| of)? (?:la )?(?:facture|invoice) ?(?:correspond|est|.*envoi|does)'],
    said: ['facture|invoice'],
    find: 'facture invoice',
    form: 'code',
  }),
  term({
    asked: ['objet\\b|subject\\b|quel (?:est le )?(?:probleme|motif)|what is the (?:problem|matter)'],
    said: ['objet *:|subject *:|betreff *:', 'incident|probleme|motif'],
    find: 'objet subject',
  }),
  term({ asked: ['(?:numero|n°|code)? ?sscc'], said: ['sscc'], find: 'SSCC', form: 'sscc' }),
]
