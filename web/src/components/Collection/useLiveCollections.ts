import { useFollowed } from '@/composables/useFollowed'
import { onDocumentChange } from '@/composables/useLiveDocuments'
import { useSoon } from '@/composables/useSoon'
import { CollectionsChangedDocument } from '@/gql/graphql'

/** Runs `reload` soon after a collection of the organisation changed, or a document that may have been in one was deleted. */
export function useLiveCollections(reload: () => Promise<unknown>): void {
  const soon = useSoon(reload, 500)
  useFollowed(CollectionsChangedDocument, ({ collectionsChanged: { cursor } }) => {
    soon()
    return cursor
  })
  onDocumentChange(({ document }) => {
    if (!document) soon()
  })
}
