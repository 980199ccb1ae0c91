interface Party {
  name: string
  siret?: string
  vat?: string
  city?: string
  postcode?: string
}

/** The fields of a sample that the questions are about. */
export interface Expected {
  [name: string]: unknown
  seller?: Party
  buyer?: Party
  lines?: { name: string; quantity: number; unit_price: number; amount: number }[]
}

export type Ask = { of: (fields: Expected) => string[] | null; tuned: string[]; held: string[] }

const months = 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' ')

/** The ways in which a French document prints a day. */
function days(value: unknown): string[] | null {
  if (typeof value !== 'string') return null
  const [year = '', month = '', day = ''] = value.split('-')
  const name = months[Number(month) - 1] ?? ''
  return [
    `${day}/${month}/${year}`,
    `${day}.${month}.${year}`,
    `${day}-${month}-${year}`,
    `${Number(day)} ${name} ${year}`,
    `${Number(day)}er ${name} ${year}`,
  ]
}

function amount(value: unknown): string[] | null {
  return typeof value === 'number' ? [value.toFixed(2).replace('.', ',')] : null
}

function text(value: unknown): string[] | null {
  return value === undefined || value === null ? null : [String(value)]
}

const invoice: Ask[] = [
  {
    of: (e) => amount(e.gross_total),
    tuned: ['Quel est le montant total TTC de la facture {ref} ?', 'What is the total amount of invoice {ref}?'],
    held: ["À combien s'élève la facture {ref}, toutes taxes comprises ?", 'How much is invoice {ref} including VAT?'],
  },
  {
    of: (e) => amount(e.amount_due),
    tuned: ['Combien faut-il payer pour la facture {ref} ?'],
    held: ['Montant à régler facture {ref}', 'How much do we have to pay for invoice {ref}?'],
  },
  {
    of: (e) => amount(e.net_total),
    tuned: ['Quel est le total hors taxes de la facture {ref} ?'],
    held: ['Montant HT de la facture {ref} ?', 'What is the total before tax of {ref}?'],
  },
  {
    of: (e) => amount(e.tax_total),
    tuned: ['Quel est le montant total de la TVA sur la facture {ref} ?'],
    held: ['How much VAT is on invoice {ref}?'],
  },
  {
    of: (e) => days(e.due_date),
    tuned: [
      "Quelle est la date d'échéance de la facture {ref} ?",
      'Quand faut-il régler la facture {ref} ?',
      'When is invoice {ref} due?',
    ],
    held: ['Avant quelle date doit-on payer la facture {ref} ?', 'What is the payment deadline of invoice {ref}?'],
  },
  {
    of: (e) => days(e.issue_date),
    tuned: ['De quand date la facture {ref} ?', "Quelle est la date d'émission de la facture {ref} ?"],
    held: ['Quand la facture {ref} a-t-elle été émise ?', 'When was invoice {ref} issued?'],
  },
  {
    of: (e) => text(e.order_reference),
    tuned: ['Quel est le numéro de commande de la facture {ref} ?'],
    held: ['À quelle commande correspond la facture {ref} ?', 'Which order does invoice {ref} refer to?'],
  },
  {
    of: (e) => text(e.iban),
    tuned: ["Quel est l'IBAN à utiliser pour régler la facture {ref} ?"],
    held: ['Sur quel compte virer le règlement de la facture {ref} ?', 'Which IBAN should we pay invoice {ref} to?'],
  },
  {
    of: (e) => text(e.seller?.siret),
    tuned: ['Quel est le SIRET du fournisseur de la facture {ref} ?'],
    held: ['Numéro SIRET de {seller} sur la facture {ref} ?'],
  },
  {
    of: (e) => text(e.seller?.vat),
    tuned: ['Quel est le numéro de TVA intracommunautaire de {seller} (facture {ref}) ?'],
    held: ["What is the seller's VAT number on invoice {ref}?"],
  },
  {
    of: (e) => text(e.buyer?.vat),
    tuned: ['Quel est le numéro de TVA du client de la facture {ref} ?'],
    held: ['Numéro de TVA de {buyer} sur {ref} ?'],
  },
  {
    of: (e) => text(e.buyer?.name),
    tuned: ['Qui est le client de la facture {ref} ?', 'À qui la facture {ref} est-elle adressée ?'],
    held: ['Quel client est facturé par {ref} ?', 'Who is the buyer on invoice {ref}?'],
  },
  {
    of: (e) => text(e.seller?.name),
    tuned: ['Qui a émis la facture {ref} ?'],
    held: ['Quel fournisseur a envoyé la facture {ref} ?', 'Who issued invoice {ref}?'],
  },
  {
    of: (e) => (e.buyer ? [`${e.buyer.postcode} ${e.buyer.city}`] : null),
    tuned: ['Quelle est l’adresse de facturation de {ref} ?'],
    held: ['Où habite le client de la facture {ref} ?', "What is the buyer's address on invoice {ref}?"],
  },
  {
    of: (e) => (e.lines?.[0] ? [String(e.lines[0].quantity)] : null),
    tuned: ['Quelle quantité de « {line} » sur la facture {ref} ?'],
    held: ['Combien de {line} ont été facturés sur {ref} ?'],
  },
  {
    of: (e) => amount(e.lines?.[0]?.unit_price),
    tuned: ['Quel est le prix unitaire de {line} sur la facture {ref} ?'],
    held: ['What is the unit price of {line} on invoice {ref}?'],
  },
  {
    of: (e) => (e.iban ? ['12 %'] : null),
    tuned: ['Quel est le taux des pénalités de retard de la facture {ref} ?'],
    held: ['What is the late payment penalty on invoice {ref}?'],
  },
]

const delivery: Ask[] = [
  {
    of: (e) => text(e.packages),
    tuned: ['Combien de colis sur le bon de livraison {ref} ?', 'How many parcels were delivered with {ref}?'],
    held: ['Quel nombre de colis pour {ref} ?'],
  },
  {
    of: (e) => text(e.gross_weight_kg)?.map((w) => w.replace('.', ',')) ?? null,
    tuned: ['Quel est le poids brut de la livraison {ref} ?'],
    held: ['Combien pèse la livraison {ref} ?', 'What is the gross weight of delivery {ref}?'],
  },
  { of: (e) => text(e.sscc), tuned: ['Quel est le code SSCC de la livraison {ref} ?'], held: ['SSCC {ref}'] },
  {
    of: (e) => days(e.delivery_date),
    tuned: ['Quand la livraison {ref} a-t-elle été effectuée ?'],
    held: ['À quelle date le bon {ref} a-t-il été livré ?', 'When was {ref} delivered?'],
  },
  {
    of: (e) => text(e.reservations),
    tuned: ['Quelles réserves le destinataire a-t-il émises sur {ref} ?'],
    held: ['Y a-t-il des réserves sur la livraison {ref} ?', 'Did the consignee note any reservations on {ref}?'],
  },
  {
    of: (e) => text(e.buyer?.name),
    tuned: ['Qui est le destinataire de {ref} ?'],
    held: ['À qui {ref} a-t-il été livré ?', 'Who is the consignee of {ref}?'],
  },
  {
    of: (e) => (e.buyer ? [`${e.buyer.postcode} ${e.buyer.city}`] : null),
    tuned: ['À quelle adresse {ref} a-t-il été livré ?'],
    held: ['Où la livraison {ref} a-t-elle été faite ?'],
  },
  {
    of: (e) => text(e.order_reference),
    tuned: ['Quelle commande correspond à {ref} ?'],
    held: ['Numéro de commande du bon {ref} ?'],
  },
  {
    of: (e) => text(e.seller?.siret),
    tuned: ['Quel est le numéro SIRET sur le bon {ref} ?'],
    held: ['SIRET de {seller} sur {ref} ?'],
  },
]

const waybill: Ask[] = [
  {
    of: (e) => party(e.sender),
    tuned: ["Qui est l'expéditeur de la lettre de voiture {ref} ?"],
    held: ['Who is the sender of waybill {ref}?', 'Qui expédie la marchandise du {ref} ?'],
  },
  {
    of: (e) => party(e.consignee),
    tuned: ['Qui est le destinataire du {ref} ?'],
    held: ['À qui la marchandise du {ref} est-elle destinée ?'],
  },
  {
    of: (e) => party(e.carrier),
    tuned: ['Quel est le transporteur du {ref} ?'],
    held: ['Qui transporte la marchandise de la lettre de voiture {ref} ?', 'Which carrier is named on {ref}?'],
  },
  {
    of: (e) => text(e.pallets)?.map((n) => `${n} palettes`) ?? null,
    tuned: ['Combien de palettes sur le {ref} ?'],
    held: ['How many pallets are on {ref}?'],
  },
  {
    of: (e) => text(e.gross_weight_kg),
    tuned: ['Quel est le poids brut indiqué sur le {ref} ?'],
    held: ['Combien pèse la marchandise du {ref} ?', 'What is the gross weight on waybill {ref}?'],
  },
  {
    of: (e) => text(e.volume_m3)?.map((v) => v.replace('.', ',')) ?? null,
    tuned: ['Quel est le cubage du {ref} ?'],
    held: ['Quel volume pour le {ref} ?'],
  },
  {
    of: (e) => text(e.vehicle_plate),
    tuned: ["Quelle est l'immatriculation du véhicule du {ref} ?"],
    held: ['What is the vehicle plate on {ref}?', 'Plaque du camion {ref} ?'],
  },
  {
    of: (e) => days(e.pickup_date),
    tuned: ['Quand la marchandise du {ref} a-t-elle été prise en charge ?'],
    held: ['Date de prise en charge du {ref} ?', 'When were the goods of {ref} picked up?'],
  },
  {
    of: (e) => text(e.delivery_city),
    tuned: ['Où la marchandise du {ref} doit-elle être livrée ?'],
    held: ['What is the place of delivery of {ref}?'],
  },
  {
    of: () => ['filmées à nu'],
    tuned: ['Quelles sont les réserves du transporteur sur le {ref} ?'],
    held: ["What are the carrier's reservations on {ref}?"],
  },
  {
    of: () => ['pièces automobiles', 'meubles démontés'],
    tuned: ['Quelle est la nature de la marchandise du {ref} ?'],
    held: ['Que transporte le {ref} ?'],
  },
]

const claim: Ask[] = [
  {
    of: (e) => amount(e.claim_amount),
    tuned: ["Quel remboursement est demandé pour l'envoi {ref} ?"],
    held: ['Combien le client réclame-t-il pour le colis {ref} ?'],
  },
  {
    of: (e) => text(e.invoice_number),
    tuned: ["À quelle facture correspond l'envoi {ref} ?"],
    held: ["Numéro de facture de l'envoi {ref} ?"],
  },
  {
    of: (e) => days(e.event_date),
    tuned: ["Quand l'envoi {ref} devait-il arriver ?"],
    held: ["Date de livraison prévue de l'envoi {ref} ?"],
  },
  {
    of: (e) => days(e.issue_date),
    tuned: ['De quand date la réclamation sur {ref} ?'],
    held: ['Quelle est la date de la lettre de réclamation {ref} ?'],
  },
  {
    of: () => ['quinze jours'],
    tuned: ["Dans quel délai le médiateur sera-t-il saisi pour l'envoi {ref} ?"],
    held: ['Combien de temps avons-nous pour répondre à la réclamation {ref} ?'],
  },
  {
    of: () => ['colis non reçu', 'retard de livraison', 'colis endommagé'],
    tuned: ["Quel est l'objet de la réclamation {ref} ?"],
    held: ["Quel est le problème avec l'envoi {ref} ?"],
  },
]

export const unanswerable: Record<string, { tuned: string[]; held: string[] }> = {
  invoice: {
    tuned: [
      'Quel est le numéro de conteneur de la facture {ref} ?',
      'Quel est le poids des marchandises de la facture {ref} ?',
      "Quelle est l'adresse e-mail du client de la facture {ref} ?",
      'Quel est le montant total TTC de la facture {wrong} ?',
      'When is invoice {wrong} due?',
    ],
    held: [
      'Quel est le nom du chauffeur de la facture {ref} ?',
      'Quel est le taux de remise de la facture {ref} ?',
      'What is the tracking number on invoice {ref}?',
      "Quelle est l'échéance de la facture {wrong} ?",
      'Quel est le total de la facture de la société Dubreuil Logistique ?',
    ],
  },
  delivery_note: {
    tuned: [
      "Quel est l'IBAN du bon de livraison {ref} ?",
      'Quel est le montant TTC du bon de livraison {ref} ?',
      'Combien de colis sur le bon de livraison {wrong} ?',
    ],
    held: [
      'Qui a signé le bon de livraison {ref} ?',
      "Quelle est l'immatriculation du camion de {ref} ?",
      'Quel est le poids brut de la livraison {wrong} ?',
    ],
  },
  cmr: {
    tuned: [
      'Quelle est la température de transport du {ref} ?',
      'Quel est le numéro de scellé du {ref} ?',
      "Qui est l'expéditeur du {wrong} ?",
    ],
    held: [
      'Quelle est la valeur déclarée de la marchandise du {ref} ?',
      'Quel est le prix du transport du {ref} ?',
      'Combien de palettes sur le {wrong} ?',
    ],
  },
  claim: {
    tuned: [
      "Quel est l'IBAN à utiliser pour le remboursement de l'envoi {ref} ?",
      "Quel remboursement est demandé pour l'envoi {wrong} ?",
    ],
    held: [
      "Quel est le poids de l'envoi {ref} ?",
      "Qui est le médiateur pour l'envoi {ref} ?",
      "Quand l'envoi {wrong} devait-il arriver ?",
    ],
  },
}

function party(value: unknown): string[] | null {
  return value ? [(value as Party).name] : null
}

export const asks: Record<string, { asks: Ask[]; ref: string }> = {
  invoice: { asks: invoice, ref: 'invoice_number' },
  credit_note: { asks: invoice.slice(0, 1).concat(invoice.slice(2, 7)), ref: 'invoice_number' },
  delivery_note: { asks: delivery, ref: 'delivery_number' },
  cmr: { asks: waybill, ref: 'cmr_number' },
  claim: { asks: claim, ref: 'tracking_number' },
}
