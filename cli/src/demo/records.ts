/** Who and what the demo organisation is made of; the sample documents speak of the same. */
export const person = { email: 'demo@passerelle.local', name: 'Camille Démo' }
export const organizationName = 'Passerelle Démo'

export const shipments = [
  { trackingNumber: 'CMR 9405756', status: 'IN_TRANSIT', reference: 'Pièces automobiles, 17 palettes' },
  { trackingNumber: '6A54740512216', status: 'LOST', reference: 'Réclamation Garage Müller' },
  { trackingNumber: '(00) 325906689129409841', status: 'DELIVERED', reference: 'BL-54550' },
]

export const clients = [
  { name: 'Garage Müller', vatNumber: 'FR93635848898' },
  { name: 'Boulangerie Noël', vatNumber: 'FR05836836684' },
  { name: 'Librairie L’Écritoire' },
]

export const properties = [
  { name: 'Villa Les Mimosas', address: '14 avenue des Pins, 06160 Antibes', registrationNumber: '0602900123456' },
]
