import type { Ref } from 'vue'
import { decidableApprovals } from '@/composables/useLiveApprovals'
import { waitingHandOvers } from '@/composables/useLiveHandOvers'
import { unreadNotifications } from '@/composables/useLiveNotifications'

/** One place of the app: route name, message key of its name, icon. */
export interface Place {
  name: string
  label: string
  icon: string
  /** What waits there; shown when it is more than none. */
  count?: Ref<number>
}

export interface PlaceGroup {
  label?: string
  places: Place[]
}

export const groups: PlaceGroup[] = [
  {
    places: [
      { name: 'home', label: 'nav.home', icon: 'i-lucide-house' },
      { name: 'documents', label: 'nav.documents', icon: 'i-lucide-files' },
      { name: 'search', label: 'nav.search', icon: 'i-lucide-search' },
      { name: 'ask', label: 'nav.ask', icon: 'i-lucide-message-circle-question' },
      { name: 'handOvers', label: 'nav.handOvers', icon: 'i-lucide-inbox', count: waitingHandOvers },
      { name: 'approvals', label: 'nav.approvals', icon: 'i-lucide-stamp', count: decidableApprovals },
      { name: 'graph', label: 'nav.graph', icon: 'i-lucide-waypoints' },
    ],
  },
  { label: 'nav.logistics', places: [{ name: 'shipments', label: 'nav.shipments', icon: 'i-lucide-truck' }] },
  {
    label: 'nav.conciergerie',
    places: [
      { name: 'requests', label: 'nav.requests', icon: 'i-lucide-concierge-bell' },
      { name: 'clients', label: 'nav.clients', icon: 'i-lucide-contact' },
      { name: 'properties', label: 'nav.properties', icon: 'i-lucide-building-2' },
      { name: 'bookings', label: 'nav.bookings', icon: 'i-lucide-calendar-range' },
    ],
  },
  {
    label: 'nav.ai',
    places: [
      { name: 'jobs', label: 'nav.jobs', icon: 'i-lucide-scroll-text' },
      { name: 'models', label: 'nav.models', icon: 'i-lucide-cpu' },
    ],
  },
]

/** For whoever may do anything there; its own pages are in `Admin/places`. */
export const administration: Place = { name: 'admin', label: 'nav.administration', icon: 'i-lucide-shield-check' }

/** What the person was told; the bell. */
export const notifications: Place = {
  name: 'notifications',
  label: 'nav.notifications',
  icon: 'i-lucide-bell',
  count: unreadNotifications,
}

export const settings: Place = { name: 'settings', label: 'nav.settings', icon: 'i-lucide-settings' }

/** Three places a thumb reaches on a phone; the fourth button opens the rest. */
export const phonePlaces: Place[] = ['home', 'documents', 'ask'].map((name) => requirePlace(name))

export const allPlaces: Place[] = [...groups.flatMap((group) => group.places), notifications, administration, settings]

function requirePlace(name: string): Place {
  const place = groups.flatMap((group) => group.places).find((candidate) => candidate.name === name)
  if (!place) throw new Error(`no place named ${name}`)
  return place
}

/** The place a route belongs to: a detail page lights up its list. */
export function placeOf(routeName: unknown): string {
  const lists: Record<string, string> = {
    document: 'documents',
    shipment: 'shipments',
    request: 'requests',
    client: 'clients',
    property: 'properties',
    booking: 'bookings',
    'graph-figures': 'graph',
    job: 'jobs',
    approval: 'approvals',
    mails: 'settings',
    'notification-settings': 'settings',
  }
  const name = String(routeName)
  return name.startsWith('admin-') ? 'admin' : (lists[name] ?? name)
}
