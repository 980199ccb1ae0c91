import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { onScopeDispose } from 'vue'
import { subscribe } from '@/api/socket'

/** Follows a subscription for as long as the calling component lives. `hear` gives the cursor of what it heard, after which a socket that fell goes on. */
export function useFollowed<R>(document: TypedDocumentNode<R, { after?: string }>, hear: (data: R) => string): void {
  const variables: { after?: string } = {}
  const stop = subscribe(document, variables, {
    next: (data) => void (variables.after = hear(data)),
    error: () => undefined,
  })
  onScopeDispose(stop)
}
