import {
  ApolloClient,
  ApolloLink,
  fromError,
  fromPromise,
  HttpLink,
  Observable,
  type FetchResult,
  type Operation,
} from '@apollo/client/core'
import { setContext } from '@apollo/client/link/context'
import { onError } from '@apollo/client/link/error'
import { createCache } from './cache'
import { nameOfDocument, persisted, unknownName } from './document-name'
import { keeper } from './keeper'
import type { Tokens } from './session'

const authorizeWith = (tokens: Tokens) =>
  setContext(async (_operation, context: { headers?: Record<string, string> }) => {
    const token = await tokens.freshToken()
    return token ? { headers: { ...context.headers, authorization: `Bearer ${token}` }, token } : {}
  })

function isRefusedToken(error: { extensions?: Record<string, unknown> }): boolean {
  return error.extensions?.['code'] === 'UNAUTHENTICATED'
}

function sentToken(operation: Operation): string | undefined {
  const { token } = operation.getContext() as { token?: string }
  return token
}

/**
 * A refused token is replaced once for all waiting operations; each is then sent again, once. What nobody, or somebody else, is logged in for by then
 * stays refused: nothing that one person asked for is done as another.
 */
const renewWith = (tokens: Tokens) =>
  onError(({ graphQLErrors, networkError, response, operation, forward }) => {
    const unauthorized = networkError && 'statusCode' in networkError && networkError.statusCode === 401
    const token = sentToken(operation)
    if ((!graphQLErrors?.some(isRefusedToken) && !unauthorized) || !token || operation.getContext()['renewed']) return
    operation.setContext({ renewed: true })
    const refusal = (): Observable<FetchResult> =>
      networkError ? fromError(networkError) : Observable.of(response ?? { errors: graphQLErrors })
    return fromPromise(tokens.replaceToken(token)).flatMap((next) => (next ? forward(operation) : refusal()))
  })

/** Documents go by their names, which are all that a session may ask with; a server of another version may not know one and is sent the text. */
const nameDocuments = new ApolloLink((operation, forward) => {
  const name = nameOfDocument(operation.query)
  if (name) {
    operation.extensions = persisted(name)
    operation.setContext({ http: { includeQuery: false, includeExtensions: true } })
  }
  return forward(operation)
})

const sendText = onError(({ graphQLErrors, operation, forward }) => {
  if (!graphQLErrors?.some(({ extensions }) => extensions?.['code'] === unknownName)) return
  operation.extensions = {}
  operation.setContext({ http: { includeQuery: true, includeExtensions: false } })
  return forward(operation)
})

/** The API as whoever has the tokens, with a cache of its own: what one was answered is never shown to another. */
export function openApollo(tokens: Tokens) {
  return new ApolloClient({
    cache: createCache(),
    link: ApolloLink.from([
      renewWith(tokens),
      authorizeWith(tokens),
      nameDocuments,
      sendText,
      new HttpLink({ uri: '/graphql' }),
    ]),
    defaultOptions: {
      watchQuery: { errorPolicy: 'all', fetchPolicy: 'cache-and-network', nextFetchPolicy: 'cache-first' },
      query: { errorPolicy: 'all' },
      mutate: { errorPolicy: 'none' },
    },
  })
}

/** For a question that must not be joined to the same one on its way, whose answer may be of before. */
export const alone = { context: { queryDeduplication: false } } as const

/** The API as the logged-in person. */
export const apollo = openApollo(keeper)
