import type { Generated } from 'kysely'

/** The rows of conciergerie, as PostgreSQL has them. */
export type Tables = {
  'conciergerie.client': {
    id: string
    organization_id: string
    name: string
    email: string | null
    phone: string | null
    email_index: string | null
    phone_index: string | null
    siren: string | null
    vat_number: string | null
    sort_name: string
    search: string
    created_at: Generated<Date>
  }
  'conciergerie.property': {
    id: string
    organization_id: string
    name: string
    address: string | null
    registration_number: string | null
    owner_id: string | null
    sort_name: string
    search: string
    created_at: Generated<Date>
  }
  'conciergerie.booking': {
    id: string
    organization_id: string
    property_id: string
    arrival: string
    departure: string
    guests: number | null
    status: string
    source: string
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  'conciergerie.booking_guest': {
    booking_id: string
    organization_id: string
    client_id: string | null
    reference: string | null
    note: string | null
    search: string
  }
}
