import { useToast } from '@nuxt/ui/composables/useToast'
import { useI18n } from 'vue-i18n'
import { useAction } from '@/composables/useAction'
import { CancelBookingDocument, UpdateBookingDocument, type BookingRowFragment } from '@/gql/graphql'

/** Calls a booking off, or takes its days again; each tells its outcome, and gives true when it was done. */
export function useBookingActions(changed: () => void) {
  const { t } = useI18n()
  const toast = useToast()
  const cancelling = useAction(CancelBookingDocument)
  const changing = useAction(UpdateBookingDocument)

  async function restore({ id, status }: Pick<BookingRowFragment, 'id' | 'status'>): Promise<boolean> {
    const done = await changing.run({ input: { id, status: status === 'CANCELLED' ? 'CONFIRMED' : status } })
    if (!done) return false
    toast.add({ title: t('bookings.restored'), icon: 'i-lucide-check' })
    changed()
    return true
  }

  async function cancel(booking: Pick<BookingRowFragment, 'id' | 'status'>): Promise<boolean> {
    if (!(await cancelling.run({ id: booking.id }))) return false
    toast.add({
      title: t('bookings.cancelled'),
      icon: 'i-lucide-circle-slash',
      actions: [
        { label: t('action.undo'), color: 'neutral', variant: 'outline', onClick: () => void restore(booking) },
      ],
    })
    changed()
    return true
  }

  return { cancel, restore, cancelling: cancelling.busy, restoring: changing.busy }
}
