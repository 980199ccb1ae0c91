import { listPlaces, toVariables, type Door, type Place } from '../walls/doors.ts'
import type { Own } from './clients.ts'

/** Everything that a client has. */
export const allOf = `{ viewer { client { id name email phone
  properties { totalCount nodes { id bookings { totalCount nodes { id } } } }
  bookings { totalCount nodes { id reference } }
  shipments { totalCount nodes { id events { totalCount } } }
  serviceRequests { totalCount nodes { id messages { totalCount nodes { text } } } }
  sharedDocuments { totalCount nodes { id title } } } } }`

const nounOf: Record<string, keyof Own> = {
  booking: 'booking',
  property: 'property',
  propertyId: 'property',
  serviceRequest: 'serviceRequest',
  serviceRequestId: 'serviceRequest',
  serviceRequestChanged: 'serviceRequest',
  cancelServiceRequest: 'serviceRequest',
  shipment: 'shipment',
  sharedDocument: 'document',
}

/** The places of a door that take an id of something that is a client's. */
export function idPlaces(door: Door): Place[] {
  return listPlaces(door).filter((place) => place.type === 'ID' && nounAt(door, place) !== undefined)
}

/** Variables of a client's own ids, and of nothing else but what cannot be left out. */
export function ownValues(door: Door, own: Own, other?: { place: Place; value: unknown }): Record<string, unknown> {
  const given = listPlaces(door).flatMap((place) => {
    if (other && place.path.join() === other.place.path.join()) return [{ path: place.path, value: other.value }]
    const noun = nounAt(door, place)
    if (noun && (place.required || door.kind === 'query')) return [{ path: place.path, value: own[noun] }]
    return place.required ? [{ path: place.path, value: plain[String(place.path.at(-1))] ?? 'aucun' }] : []
  })
  return toVariables(given)
}

const plain: Record<string, string> = { kind: 'CLEANING', title: 'Ménage', text: 'Bonjour' }

function nounAt(door: Door, { path, type }: Place): keyof Own | undefined {
  if (type !== 'ID') return undefined
  const name = String(path.at(-1))
  return nounOf[name === 'id' ? door.name : name]
}
