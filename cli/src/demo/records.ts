/** Who and what the demo organisation is made of; the sample documents speak of the same. */
export const person = { email: 'demo@passerelle.local', name: 'Camille Démo' }
export const organizationName = 'Passerelle Démo'

/** What is on its way, and for whom. */
export const shipments = [
  {
    trackingNumber: 'CMR 9405756',
    status: 'IN_TRANSIT',
    reference: 'Pièces automobiles, 17 palettes',
    client: 'Garage Müller',
  },
  {
    trackingNumber: '6A54740512216',
    status: 'LOST',
    reference: 'Réclamation Garage Müller',
    client: 'Garage Müller',
  },
  {
    trackingNumber: '(00) 325906689129409841',
    status: 'DELIVERED',
    reference: 'BL-54550',
    client: 'Librairie L’Écritoire',
  },
]

/** Which client may read which file. */
export const sharedWith: Readonly<Record<string, string>> = {
  'Bordereau de livraison BL-54550.pdf': 'Librairie L’Écritoire',
  'Facture Fret Atlantique INV-2023-59255.pdf': 'Garage Müller',
  'Lettre de voiture CMR 9405756.pdf': 'Garage Müller',
  "Livret d'accueil Villa Les Mimosas.md": 'M. Jonas Weber',
}

export const clients = [
  { name: 'Garage Müller', vatNumber: 'FR93635848898' },
  { name: 'Boulangerie Noël', vatNumber: 'FR05836836684' },
  { name: 'Librairie L’Écritoire' },
  { name: 'Mme Hélène Caradec', email: 'helene.caradec@exemple.fr', phone: '04 65 71 12 40' },
  { name: 'M. Jonas Weber', email: 'jonas.weber@example.com', phone: '+49 30 23125 014' },
  { name: 'Mme Inès Benali', email: 'ines.benali@exemple.fr', phone: '04 65 71 57 03' },
]

export const properties = [
  {
    name: 'Villa Les Mimosas',
    address: '14 avenue des Pins, 06160 Antibes',
    registrationNumber: '0602900123456',
    owner: 'Mme Hélène Caradec',
  },
  { name: 'Studio du Vieux-Port', address: '3 quai des Docks, 06300 Nice', owner: 'Librairie L’Écritoire' },
]

/** Who stays where, so many days from now; nobody where it is closed. */
export const bookings = [
  {
    property: 'Villa Les Mimosas',
    guest: 'M. Jonas Weber',
    arrivesIn: -4,
    nights: 7,
    guests: 4,
    source: 'AIRBNB',
    reference: 'HMXQ4T9B2C',
  },
  {
    property: 'Villa Les Mimosas',
    guest: 'Mme Inès Benali',
    arrivesIn: 3,
    nights: 5,
    guests: 2,
    note: 'Arrive par le train de 21 h : remise des clés en main propre.',
  },
  { property: 'Villa Les Mimosas', guest: null, arrivesIn: 12, nights: 2, note: 'Révision de la chaudière.' },
  {
    property: 'Studio du Vieux-Port',
    guest: 'M. Jonas Weber',
    arrivesIn: 20,
    nights: 3,
    guests: 1,
    status: 'TENTATIVE',
    source: 'BOOKING_COM',
    reference: '4187 220 936',
  },
]

interface DemoRequest {
  kind: string
  title: string
  description?: string
  urgency?: string
  channel: string
  client: string | null
  property: string | null
  /** Where it stands by now, and for when it is planned, so many days from now. */
  status?: string
  plannedIn?: number
  messages: readonly { text: string; internal?: boolean }[]
}

/** What was asked for, and what the house has said and noted of it. */
export const requests: readonly DemoRequest[] = [
  {
    kind: 'CLEANING',
    title: 'Ménage complet avant l’arrivée de Mme Benali',
    channel: 'APP',
    client: null,
    property: 'Villa Les Mimosas',
    status: 'SCHEDULED',
    plannedIn: 3,
    messages: [{ text: 'Penser aux serviettes de plage.', internal: true }],
  },
  {
    kind: 'MAINTENANCE',
    title: 'La chaudière fait du bruit la nuit',
    description: 'Un claquement toutes les dix minutes environ, surtout vers trois heures du matin.',
    urgency: 'HIGH',
    channel: 'PHONE',
    client: 'Mme Hélène Caradec',
    property: 'Villa Les Mimosas',
    status: 'ACCEPTED',
    messages: [
      { text: 'Bonjour Madame, le chauffagiste passe pendant la fermeture de la semaine prochaine.' },
      { text: 'Le chauffagiste a les clés ; demander une facture à part.', internal: true },
    ],
  },
  {
    kind: 'CHECK_IN',
    title: 'Arrivée tardive, vers 22 h 30',
    description: 'Mon avion a du retard. Peut-on m’accueillir plus tard ?',
    channel: 'MAIL',
    client: 'M. Jonas Weber',
    property: 'Studio du Vieux-Port',
    messages: [],
  },
  {
    kind: 'LINEN',
    title: 'Un lit d’appoint et son linge',
    channel: 'PHONE',
    client: 'Mme Inès Benali',
    property: 'Villa Les Mimosas',
    status: 'DONE',
    messages: [{ text: 'C’est en place, dans la chambre du fond.' }],
  },
]
