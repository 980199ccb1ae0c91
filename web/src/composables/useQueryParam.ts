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

/** One of a few choices, kept in the address likewise; the first where it says none, or one that there is not. */
export function useChoiceParam<C extends string>(name: string, choices: readonly [C, ...C[]]): WritableComputedRef<C> {
  const param = useQueryParam(name)
  return computed({
    get: () => choices.find((choice) => choice === param.value) ?? choices[0],
    set: (choice) => {
      param.value = choice === choices[0] ? '' : choice
    },
  })
}
