import { reactive, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { keeper } from '@/api/keeper'
import { emptyFields, fieldErrors, isRefusal, type RefusalParts } from '@/api/refusal'
import type { StoredSession } from '@/api/session'
import { useRefusalText } from '@/composables/useRefusalText'
import { safeNext } from '@/router'

type Entry = (StoredSession & { __typename: 'Session' }) | RefusalParts

/**
 * Sends a form that opens a session, once every field holds something. Refusals land in `errors` under the field they speak about, or
 * under `form`; success opens the session and goes to the page that was asked for.
 */
export function useEntry(form: Readonly<Record<string, string>>, send: () => Promise<Entry>) {
  const { t } = useI18n()
  const router = useRouter()
  const route = useRoute()
  const refusalText = useRefusalText()
  const errors = reactive<Record<string, string | undefined>>({})
  const busy = ref(false)

  async function submit(): Promise<void> {
    for (const name of Object.keys(errors)) errors[name] = undefined
    for (const name of emptyFields(form)) errors[name] = t('invalid.empty')
    if (Object.values(errors).some(Boolean)) return
    busy.value = true
    try {
      const answer = await send()
      if (isRefusal(answer)) {
        Object.assign(errors, fieldErrors({ ...answer, message: refusalText(answer) }, Object.keys(form)))
        return
      }
      keeper.open(answer as StoredSession)
      await router.replace(safeNext(route.query['next']))
    } finally {
      busy.value = false
    }
  }

  return { submit, errors, busy, ended: route.query['ended'] === '1' }
}
