import { _api } from '@iconify/vue'

/** Icons are in the bundle; one that is missing stays empty instead of being asked from a public server. */
export function stayOnThisHost(): void {
  _api.setFetch(() => Promise.resolve(new Response(null, { status: 404 })))
}
