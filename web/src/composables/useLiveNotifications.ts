import { createEventHook } from '@vueuse/core'
import { onScopeDispose, ref, watch } from 'vue'
import { apollo } from '@/api/client'
import { subscribe } from '@/api/socket'
import { NotificationReceivedDocument, UnreadNotificationsDocument } from '@/gql/graphql'
import { useSoon } from './useSoon'
import { useViewer } from './useViewer'

const changes = createEventHook<void>()

/** Hears that the person was told something, or read something elsewhere, while the calling component lives. */
export const onNotification = changes.on

/** How many the person has not read. */
export const unreadNotifications = ref(0)

/** Keeps the count of unread ones up to date for as long as the shell is shown. */
export function useLiveNotifications(): void {
  const { viewer } = useViewer()
  const variables: { after?: string } = {}
  let stop = () => {}
  const count = async (): Promise<void> => {
    const { data } = await apollo.query({ query: UnreadNotificationsDocument, fetchPolicy: 'network-only' })
    unreadNotifications.value = data?.unreadNotifications ?? 0
  }
  const soon = useSoon(count, 500)

  watch(
    () => viewer.value?.user?.id,
    (person) => {
      stop()
      unreadNotifications.value = 0
      if (!person) return
      delete variables.after
      count().catch(() => undefined)
      stop = subscribe(NotificationReceivedDocument, variables, {
        next: ({ notificationReceived: { unread, cursor } }) => {
          variables.after = cursor
          unreadNotifications.value = unread
          void changes.trigger()
        },
        error: () => undefined,
        connected: () => soon(),
      })
    },
    { immediate: true },
  )
  onScopeDispose(() => stop())
}
