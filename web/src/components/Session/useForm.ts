import { nextTick, reactive, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { emptyFields, fieldErrors, isRefusal } from '@/api/refusal'
import { useRefusalText } from '@/composables/useRefusalText'

/**
 * Sends a form once every field holds something. Refusals land in `errors` under the field they speak about, or under `form`, and the keyboard in the first
 * field that one speaks about; `done` gets what is no refusal. `submit` takes the event of the form.
 */
export function useForm<Answer extends { __typename: string }>(
  form: Readonly<Record<string, string>>,
  { send, done }: { send: () => Promise<Answer>; done: (answer: Exclude<Answer, { code: string }>) => unknown },
) {
  const { t } = useI18n()
  const refusalText = useRefusalText()
  const errors = reactive<Record<string, string | undefined>>({})
  const busy = ref(false)

  async function submit(event?: Event): Promise<void> {
    for (const name of Object.keys(errors)) errors[name] = undefined
    for (const name of emptyFields(form)) errors[name] = t('invalid.empty')
    if (!Object.values(errors).some(Boolean)) await sendOnce()
    await nextTick()
    if (event?.target instanceof HTMLFormElement) focusFault(event.target)
  }

  async function sendOnce(): Promise<void> {
    busy.value = true
    try {
      const answer = await send()
      if (isRefusal(answer))
        Object.assign(errors, fieldErrors({ ...answer, message: refusalText(answer) }, Object.keys(form)))
      else await done(answer as Exclude<Answer, { code: string }>)
    } finally {
      busy.value = false
    }
  }

  return { submit, errors, busy }
}

function focusFault(form: HTMLFormElement): void {
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
}
