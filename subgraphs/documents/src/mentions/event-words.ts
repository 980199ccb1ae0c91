/** Something that happens on a day in the trade: its name in both languages, the nouns and the verbs that tell of it, folded. */
export interface EventWords {
  type: string
  fr: string
  en: string
  nouns: Record<'fr' | 'en', string>
  verbs: Record<'fr' | 'en', string>
}

/** The more telling come first: a "retard de livraison" is no delivery. */
export const eventWords: readonly EventWords[] = [
  {
    type: 'DELAY',
    fr: 'Retard',
    en: 'Delay',
    nouns: { fr: 'retards?(?: de livraison| de transport)?', en: '(?:delivery |transport )?delays?' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'MOVE_IN_INSPECTION',
    fr: 'État des lieux d’entrée',
    en: 'Move-in inspection',
    nouns: { fr: "etats? des lieux d'entree", en: 'move-in inspection|check-?in (?:inspection|inventory)' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'MOVE_OUT_INSPECTION',
    fr: 'État des lieux de sortie',
    en: 'Move-out inspection',
    nouns: { fr: 'etats? des lieux de sortie', en: 'move-out inspection|check-?out (?:inspection|inventory)' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'DELIVERY',
    fr: 'Livraison',
    en: 'Delivery',
    nouns: { fr: '(?:rendez-vous de )?livraisons?', en: 'delivery|deliveries' },
    verbs: { fr: 'livree?s?', en: 'delivered' },
  },
  {
    type: 'PICKUP',
    fr: 'Prise en charge',
    en: 'Pick-up',
    nouns: { fr: 'prises? en charge|enlevements?|collectes?|ramassages?', en: 'pick-?up|collection' },
    verbs: { fr: 'pris(?:es?)? en charge|enlevee?s?|collectee?s?|ramassee?s?', en: 'picked up|collected' },
  },
  {
    type: 'CLAIM',
    fr: 'Sinistre',
    en: 'Claim',
    nouns: { fr: 'sinistres?(?: degats? des eaux| incendie)?', en: '(?:insurance )?claims?' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'COMPLAINT',
    fr: 'Réclamation',
    en: 'Complaint',
    nouns: { fr: 'reclamations?', en: 'complaints?' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'DAMAGE',
    fr: 'Avarie',
    en: 'Damage',
    nouns: { fr: 'avaries?|dommages?|degats?(?: des eaux)?', en: '(?:water )?damages?' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'INCIDENT',
    fr: 'Incident',
    en: 'Incident',
    nouns: { fr: 'incidents?|accidents?', en: 'incidents?|accidents?' },
    verbs: { fr: '', en: '' },
  },
  {
    type: 'CHECK_IN',
    fr: 'Arrivée',
    en: 'Arrival',
    nouns: { fr: 'arrivees?|check-?in', en: 'arrivals?|check-?in' },
    verbs: { fr: 'arrivee?s?|arriver(?:a|ai|ons|ont)', en: 'arriving|arrived|arrives?|checking in|checked in' },
  },
  {
    type: 'CHECK_OUT',
    fr: 'Départ',
    en: 'Departure',
    nouns: { fr: 'departs?|check-?out', en: 'departures?|check-?out' },
    verbs: { fr: 'partis?|partir(?:a|ai|ons|ont)', en: 'departing|departed|checking out|checked out' },
  },
  {
    type: 'INSPECTION',
    fr: 'Inspection',
    en: 'Inspection',
    nouns: {
      fr: 'inspections?|expertises?|contre-visites?|visites? (?:technique|de controle)s?',
      en: 'inspections?|surveys?',
    },
    verbs: { fr: 'inspectee?s?|expertisee?s?', en: 'inspected' },
  },
  {
    type: 'MEETING',
    fr: 'Réunion',
    en: 'Meeting',
    nouns: { fr: "reunions?(?: (?:de |d')\\p{L}+)?|rendez-vous|rdv", en: 'meetings?|appointments?' },
    verbs: { fr: '', en: 'met' },
  },
]
