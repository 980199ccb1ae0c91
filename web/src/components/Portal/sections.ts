/** What a client may have something of, in the order of the bar. */
export interface Section {
  name: string
  label: string
  icon: string
}

/** How much a client has of everything; missing where it could not be told just now. */
export interface Holdings {
  stays?: number | undefined
  shipments?: number | undefined
  properties?: number | undefined
  documents?: number | undefined
}

const home: Section = { name: 'portal', label: 'portal.nav.home', icon: 'i-lucide-house' }
const requests: Section = {
  name: 'portal-requests',
  label: 'portal.nav.requests',
  icon: 'i-lucide-message-square-text',
}
const others: (Section & { of: keyof Holdings })[] = [
  { of: 'stays', name: 'portal-stays', label: 'portal.nav.stays', icon: 'i-lucide-calendar-days' },
  { of: 'shipments', name: 'portal-shipments', label: 'portal.nav.shipments', icon: 'i-lucide-package' },
  { of: 'properties', name: 'portal-properties', label: 'portal.nav.properties', icon: 'i-lucide-key-round' },
  { of: 'documents', name: 'portal-documents', label: 'portal.nav.documents', icon: 'i-lucide-file-text' },
]

/** The sections that are shown: requests always, the others when there is something in them, and the one where somebody is. */
export function sectionsOf(holdings: Holdings, here: string): Section[] {
  return [home, requests, ...others.filter(({ of, name }) => (holdings[of] ?? 0) > 0 || name === here)]
}

const sectionOfPage: Record<string, string> = {
  'portal-new-request': 'portal-requests',
  'portal-request': 'portal-requests',
  'portal-shipment': 'portal-shipments',
  'portal-property': 'portal-properties',
}

/** The section that a route belongs to: the page of one thing lights up its list. */
export function sectionOf(routeName: unknown): string {
  return sectionOfPage[String(routeName)] ?? String(routeName)
}
