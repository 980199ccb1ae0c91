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
    name: 'admin-members',
    label: 'members.place',
    hint: 'members.placeHint',
    icon: 'i-lucide-users',
    scope: 'member:manage',
  },
  {
    name: 'admin-keys',
    label: 'keys.place',
    hint: 'keys.placeHint',
    icon: 'i-lucide-key-round',
    scope: 'key:manage',
  },
  {
    name: 'admin-usage',
    label: 'usage.place',
    hint: 'usage.placeHint',
    icon: 'i-lucide-gauge',
    scope: 'usage:read',
  },
  {
    name: 'admin-webhooks',
    label: 'webhooks.place',
    hint: 'webhooks.placeHint',
    icon: 'i-lucide-webhook',
    scope: 'webhook:manage',
  },
  {
    name: 'admin-workflows',
    label: 'workflows.title',
    hint: 'workflows.placeHint',
    icon: 'i-lucide-workflow',
    scope: 'workflow:run',
  },
  {
    name: 'admin-approvals',
    label: 'approvalKinds.place',
    hint: 'approvalKinds.placeHint',
    icon: 'i-lucide-stamp',
    scope: 'organization:manage',
  },
  {
    name: 'admin-privacy',
    label: 'privacy.place',
    hint: 'privacy.placeHint',
    icon: 'i-lucide-shield-check',
    scope: 'privacy:manage',
  },
  {
    name: 'admin-audit',
    label: 'audit.title',
    hint: 'audit.placeHint',
    icon: 'i-lucide-scroll-text',
    scope: 'audit:read',
  },
]
