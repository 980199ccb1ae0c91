/** One page of the administration: route name, message keys, icon, and the scope without which it is not shown. */
export interface AdminPlace {
  name: `admin-${string}`
  label: string
  hint: string
  icon: string
  scope: string
}

/** In the order in which an organisation is set up. */
export const adminPlaces: readonly AdminPlace[] = [
  {
    name: 'admin-usage',
    label: 'usage.place',
    hint: 'usage.placeHint',
    icon: 'i-lucide-gauge',
    scope: 'usage:read',
  },
]
