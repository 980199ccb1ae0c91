import { createEventHook } from '@vueuse/core'
import { onScopeDispose, watch } from 'vue'
import { alone, apollo } from '@/api/client'
import { subscribe } from '@/api/socket'
import { NotificationReceivedDocument, UnreadNotificationsDocument } from '@/gql/graphql'
import { createCount } from './count'
import { useSoon } from './useSoon'
import { useViewer } from './useViewer'

const changes = createEventHook<void>()

/** Hears that the person was told something, or read something elsewhere, while the calling component lives. */
export const onNotification = changes.on

const unread = createCount()

/** How many the person has not read. */
export const unreadNotifications = unread.value

/** Takes over how many are left, as a mutation answered. */
export const rememberUnread = unread.tell

/** Keeps the count of unread ones up to date for as long as the shell is shown. */
export function useLiveNotifications(): void {
  const { viewer } = useViewer()
  const variables: { after?: string } = {}
  let stop = () => {}
  const count = () =>
    unread.ask(async () => {
      const { data } = await apollo.query({
        query: UnreadNotificationsDocument,
        fetchPolicy: 'network-only',
        ...alone,
      })
      return data?.unreadNotifications
    })
  const soon = useSoon(count, 500)

  watch(
    () => viewer.value?.user?.id,
    (person) => {
      stop()
      unread.tell(0)
      if (!person) return
      delete variables.after
      count().catch(() => undefined)
      stop = subscribe(NotificationReceivedDocument, variables, {
        next: ({ notificationReceived: { unread: now, cursor } }) => {
          variables.after = cursor
          unread.tell(now)
          void changes.trigger()
        },
        error: () => undefined,
        connected: () => soon(),
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    stop()
    unread.tell(0)
  })
}
