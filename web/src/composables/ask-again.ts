import { until } from '@vueuse/core'
import type { Ref } from 'vue'

/** Asks again, once what is on its way has come: Apollo would join the new question to that one, whose answer may be of before. */
export async function askAgain({
  loading,
  refetch,
}: {
  loading: Readonly<Ref<boolean>>
  refetch: () => Promise<unknown> | undefined
}): Promise<void> {
  await until(loading).toBe(false)
  await refetch()
}
