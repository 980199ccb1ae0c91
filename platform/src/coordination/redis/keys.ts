/**
 * The key of an organisation's entry. Its braces keep an organisation on one slot of a cluster, and no name can be spelled so that it ends
 * them.
 */
export function toOrganizationKey(prefix: string, organizationId: string, key: string): string {
  return `${prefix}{${escape(organizationId)}}:${key}`
}

/** The keys of a semaphore, all on one slot, in the order in which its scripts expect them. */
export function toSemaphoreKeys(prefix: string, name: string): string[] {
  const parts = ['queue', 'waiters', 'leases', 'weights', 'lines', 'cancelled']
  return parts.map((part) => `${prefix}semaphore:{${escape(name)}}:${part}`)
}

function escape(name: string): string {
  return name.replace(/[%{}]/g, (character) => `%${character.charCodeAt(0).toString(16)}`)
}
