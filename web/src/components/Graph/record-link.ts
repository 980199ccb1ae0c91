import type { RecordRowFragment } from '@/gql/graphql'

/** The page of the operational record behind an entity. */
export function recordLink(record: RecordRowFragment): {
  to: { name: string; params: { id: string } }
  label: string
  icon: string
} {
  const params = { id: record.id }
  if (record.__typename === 'Shipment')
    return { to: { name: 'shipment', params }, label: record.trackingNumber, icon: 'i-lucide-truck' }
  if (record.__typename === 'Client')
    return { to: { name: 'client', params }, label: record.name, icon: 'i-lucide-contact' }
  return { to: { name: 'property', params }, label: record.name, icon: 'i-lucide-building-2' }
}
