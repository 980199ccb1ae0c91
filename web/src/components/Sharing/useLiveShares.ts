import { useFollowed } from '@/composables/useFollowed'
import { useSoon } from '@/composables/useSoon'
import { DocumentShareChangedDocument } from '@/gql/graphql'

/** Runs `reload` soon after a document is shared with a client, or is no more; `isShown` says whether the one or the other is on the page. */
export function useLiveShares(
  reload: () => Promise<unknown> | undefined,
  isShown: (change: { documentId: string; clientId: string | undefined }) => boolean,
): void {
  const soon = useSoon(reload, 500)
  useFollowed(DocumentShareChangedDocument, ({ documentShareChanged: { id, client, cursor } }) => {
    if (isShown({ documentId: id, clientId: client?.id })) soon()
    return cursor
  })
}
