import { useRoute, useRouter } from 'vue-router'
import { rememberDevice } from '@/api/device'
import { keeper } from '@/api/keeper'
import type { RefusalParts } from '@/api/refusal'
import type { StoredSession } from '@/api/session'
import { safeNext } from '@/router'
import { useForm } from './useForm'

type Entry = (StoredSession & { __typename: 'Session'; deviceToken?: string | null }) | RefusalParts

/** Sends a form that opens a session; success opens it here and goes to the page that was asked for. */
export function useEntry(form: Readonly<Record<string, string>> & { email: string }, send: () => Promise<Entry>) {
  const router = useRouter()
  const route = useRoute()
  async function enter(session: StoredSession & { deviceToken?: string | null }): Promise<void> {
    rememberDevice(form.email, session.deviceToken)
    keeper.open(session)
    await router.replace(safeNext(route.query['next']))
  }
  return { ...useForm(form, { send, done: enter }), ended: route.query['ended'] === '1' }
}
