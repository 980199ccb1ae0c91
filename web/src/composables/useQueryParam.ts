import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A value kept in the address, so that a filtered list can be reloaded, shared and gone back to; '' is left out of it. */
export function useQueryParam(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return typeof value === 'string' ? value : ''
    },
    set: (value) => {
      const { [name]: _replaced, ...others } = route.query
      void router.replace({ query: value ? { ...others, [name]: value } : others, hash: route.hash })
    },
  })
}
