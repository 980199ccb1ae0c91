import { onScopeDispose } from 'vue'
import { subscribe } from '@/api/socket'
import { onDocumentChange } from '@/composables/useLiveDocuments'
import { useSoon } from '@/composables/useSoon'
import { CollectionsChangedDocument } from '@/gql/graphql'

/** Runs `reload` soon after a collection of the organisation changed, or a document that may have been in one was deleted. */
export function useLiveCollections(reload: () => Promise<unknown>): void {
  const variables: { after?: string } = {}
  const soon = useSoon(reload, 500)
  const stop = subscribe(CollectionsChangedDocument, variables, {
    next: ({ collectionsChanged: { cursor } }) => {
      variables.after = cursor
      soon()
    },
    error: () => undefined,
  })
  onScopeDispose(stop)
  onDocumentChange(({ document }) => {
    if (!document) soon()
  })
}
