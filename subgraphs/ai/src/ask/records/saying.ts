import type { Field } from './asked.ts'
import type { SourceRecord } from './reading.ts'

/** Names of fields and statuses, as an answer writes them. */
const french = {
  fields: {
    trackingNumber: 'Numéro de suivi',
    reference: 'Référence',
    phone: 'Téléphone',
    email: 'E-mail',
    siren: 'SIREN',
    vatNumber: 'Numéro de TVA',
    address: 'Adresse',
    registrationNumber: 'Numéro d’enregistrement',
  },
  statuses: {
    DRAFT: 'brouillon',
    PENDING: 'annoncée, en attente d’enlèvement',
    PICKED_UP: 'enlevée',
    IN_TRANSIT: 'en transit',
    AT_HUB: 'à l’agence',
    OUT_FOR_DELIVERY: 'en cours de livraison',
    DELIVERED: 'livrée',
    ATTEMPT_FAILED: 'échec de livraison',
    ON_HOLD: 'bloquée',
    RETURNED: 'retournée',
    LOST: 'perdue',
    CANCELLED: 'annulée',
  },
  shipment: (title: string, status: string) => `Expédition ${title} : ${status}`,
  since: (moment: string) => `, depuis le ${moment}`,
  at: (moment: string) => ` le ${moment}`,
  note: (note: string) => ` (« ${note} »)`,
  field: (label: string, title: string, value: string) => `${label} de ${title} : ${value}`,
}

const english: typeof french = {
  fields: {
    trackingNumber: 'Tracking number',
    reference: 'Reference',
    phone: 'Phone',
    email: 'E-mail',
    siren: 'SIREN',
    vatNumber: 'VAT number',
    address: 'Address',
    registrationNumber: 'Registration number',
  },
  statuses: {
    DRAFT: 'draft',
    PENDING: 'announced, waiting to be picked up',
    PICKED_UP: 'picked up',
    IN_TRANSIT: 'in transit',
    AT_HUB: 'at the depot',
    OUT_FOR_DELIVERY: 'out for delivery',
    DELIVERED: 'delivered',
    ATTEMPT_FAILED: 'delivery failed',
    ON_HOLD: 'on hold',
    RETURNED: 'returned',
    LOST: 'lost',
    CANCELLED: 'cancelled',
  },
  shipment: (title, status) => `Shipment ${title}: ${status}`,
  since: (moment) => `, since ${moment}`,
  at: (moment) => ` on ${moment}`,
  note: (note) => ` (“${note}”)`,
  field: (label, title, value) => `${label} of ${title}: ${value}`,
}

/** The trade's clock. */
const timeZone = 'Europe/Paris'

/** What is asked of a record, in the question's language. */
export interface Wish {
  field: Field
  /** Of a shipment: the status whose moment is asked. */
  moment: string | null
  inEnglish: boolean
}

/** What a record says of it, or null when it does not hold it. */
export function sayOf(record: SourceRecord, { field, moment, inEnglish }: Wish): string | null {
  const words = inEnglish ? english : french
  const format = new Intl.DateTimeFormat(inEnglish ? 'en-GB' : 'fr-FR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone,
  })
  if (field === 'status' || field === 'lastEvent' || field === 'moment') {
    const status = record.status ?? ''
    const reached = field === 'moment' ? record.events.findLast((event) => event.status === moment) : undefined
    const last = record.events.at(-1)
    const name = (of: string): string => words.statuses[of as keyof typeof words.statuses] ?? of
    if (reached)
      return `${words.shipment(record.title, name(reached.status))}${words.at(format.format(reached.occurredAt))}.`
    const noted = last?.note ? words.note(last.note) : ''
    const since = last && last.status === status ? words.since(format.format(last.occurredAt)) : ''
    return status === '' ? null : `${words.shipment(record.title, name(status))}${since}${noted}.`
  }
  const value = record.values[field]
  return value ? `${words.field(words.fields[field], record.title, value)}.` : null
}
