import { createEventHook } from '@vueuse/core'
import { onScopeDispose } from 'vue'
import { apollo } from '@/api/client'
import { onReturn, subscribe } from '@/api/socket'
import { DocumentRowFragmentDoc, DocumentsChangedDocument, type DocumentsChangedSubscription } from '@/gql/graphql'
import { useSoon } from './useSoon'

export type DocumentChange = DocumentsChangedSubscription['documentsChanged']

const changes = createEventHook<DocumentChange>()

/** Hears every change of a document of the organisation while the calling component lives. */
export const onDocumentChange = changes.on

/**
 * Keeps every document on screen up to date for as long as the shell is shown. After a fallen socket it continues at its cursor, and
 * everything on screen is read again: a page that has heard nothing yet has no cursor, and some of it may have failed meanwhile.
 */
export function useLiveDocuments(): void {
  const variables: { after?: string } = {}
  const stop = subscribe(DocumentsChangedDocument, variables, {
    next: ({ documentsChanged: change }) => {
      variables.after = change.cursor
      remember(change)
      void changes.trigger(change)
    },
    error: () => undefined,
  })
  onScopeDispose(stop)
  onReturn(() => apollo.refetchQueries({ include: 'active' }).catch(() => undefined))
}

/** Runs `reload` soon after a document that `isShown` does not know has changed: a list must show newcomers. */
export function useReloadOnNewDocuments(isShown: (id: string) => boolean, reload: () => Promise<void>): void {
  const soon = useSoon(reload, 500)
  onDocumentChange((change) => {
    if (change.document && !isShown(change.id)) soon()
  })
}

function remember({ id, document }: DocumentChange): void {
  const { cache } = apollo
  const reference = cache.identify({ __typename: 'Document', id })
  if (document) {
    cache.writeFragment({
      id: reference,
      fragment: DocumentRowFragmentDoc,
      fragmentName: 'DocumentRow',
      data: document,
    })
    return
  }
  cache.evict({ id: reference })
  cache.gc()
}
