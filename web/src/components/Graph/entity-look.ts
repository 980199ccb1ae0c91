import type { EntityType } from '@/gql/graphql'

export const entityTypes: EntityType[] = ['ORGANIZATION', 'PERSON', 'PLACE', 'IDENTIFIER', 'RECORD', 'TOPIC', 'EVENT']

interface EntityLook {
  icon: string
  /** Fill in the picture, readable on both themes. */
  color: string
  /** Classes of a chip: text and tint. */
  tone: string
}

const looks: Record<EntityType, EntityLook> = {
  ORGANIZATION: {
    icon: 'i-lucide-building',
    color: '#0d9488',
    tone: 'bg-teal-500/12 text-teal-800 dark:text-teal-300',
  },
  PERSON: { icon: 'i-lucide-user', color: '#9333ea', tone: 'bg-purple-500/12 text-purple-800 dark:text-purple-300' },
  PLACE: { icon: 'i-lucide-map-pin', color: '#2563eb', tone: 'bg-blue-500/12 text-blue-800 dark:text-blue-300' },
  IDENTIFIER: { icon: 'i-lucide-hash', color: '#78716c', tone: 'bg-stone-500/12 text-stone-700 dark:text-stone-300' },
  RECORD: { icon: 'i-lucide-truck', color: '#ea580c', tone: 'bg-orange-500/12 text-orange-800 dark:text-orange-300' },
  TOPIC: { icon: 'i-lucide-tag', color: '#ca8a04', tone: 'bg-yellow-500/15 text-yellow-800 dark:text-yellow-300' },
  EVENT: { icon: 'i-lucide-calendar', color: '#db2777', tone: 'bg-pink-500/12 text-pink-800 dark:text-pink-300' },
}

const recordIcons: Record<string, string> = {
  SHIPMENT: 'i-lucide-truck',
  CLIENT: 'i-lucide-contact',
  PROPERTY: 'i-lucide-building-2',
}

/** How an entity of a type looks everywhere: list, chips and picture. */
export function entityLook({ type, kind }: { type: EntityType; kind?: string | null }): EntityLook {
  const look = looks[type]
  return type === 'RECORD' && kind ? { ...look, icon: recordIcons[kind] ?? look.icon } : look
}
