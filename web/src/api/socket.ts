import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { createEventHook, type EventHookOn } from '@vueuse/core'
import { CloseCode, createClient, type Client } from 'graphql-ws'
import { ref, type Ref } from 'vue'
import { nameOfDocument, persisted } from './document-name'
import { keeper } from './keeper'
import type { Tokens } from './session'

/** `idle` until something subscribes. */
export type Connection = 'idle' | 'connecting' | 'live' | 'offline'

export interface LiveSink<T> {
  next: (data: T) => void
  error?: (error: unknown) => void
  complete?: () => void
  /** The socket is up, for the first time or again after a fall: what was streamed before is about to be repeated. */
  connected?: () => void
}

/** One socket of one session. */
export interface Live {
  connection: Ref<Connection>
  /** Hears that the socket is up again after a fall, and its subscriptions with it, while the calling component lives. */
  onReturn: EventHookOn<void>
  /**
   * Subscribes over the shared socket; it reconnects for ever. `variables` is read again at each reconnection: a caller that
   * moves its cursor forward in that same object continues without a gap. Returns the way to stop.
   */
  subscribe<R, V extends Record<string, unknown>>(
    document: TypedDocumentNode<R, V>,
    variables: V,
    sink: LiveSink<R>,
  ): () => void
  /** Ends the socket, so that the next subscription connects as who is logged in then. */
  close(): void
}

/** Subscriptions are sent again as soon as the socket is up; what is read this much later misses nothing that they do not tell. */
const settleMs = 500

const address = () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql`

const wait = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Opens nothing yet: the socket is there once somebody subscribes. */
export function openLive(tokens: Tokens): Live {
  const connection = ref<Connection>('idle')
  const connected = new Set<() => void>()
  const returns = createEventHook<void>()
  let fallen = false
  let sentToken: string | undefined
  let refusedToken: string | undefined

  const client = createClient({
    url: address,
    lazy: true,
    keepAlive: 15_000,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (retries) => wait(Math.min(500 * 2 ** retries, 8000) * (0.75 + Math.random() / 2)),
    async connectionParams() {
      const token = refusedToken ? await tokens.replaceToken(refusedToken) : await tokens.freshToken()
      refusedToken = undefined
      sentToken = token
      return token ? { authorization: `Bearer ${token}` } : {}
    },
    on: {
      connecting: () => (connection.value = connection.value === 'live' ? 'live' : 'connecting'),
      connected: () => {
        connection.value = 'live'
        connected.forEach((listener) => listener())
        if (fallen) setTimeout(() => void returns.trigger(), settleMs)
        fallen = false
      },
      closed: (event) => {
        const code = event instanceof CloseEvent ? event.code : 0
        if (code === CloseCode.Forbidden || code === CloseCode.Unauthorized) refusedToken = sentToken
        fallen = code !== 1000
        connection.value = fallen ? 'offline' : 'idle'
      },
      error: () => (connection.value = 'offline'),
    },
  })

  return {
    connection,
    onReturn: returns.on,
    subscribe: (document, variables, sink) => follow({ client, connected }, toMessage(document, variables), sink),
    close: () => client.terminate(),
  }
}

/** A document goes by its name; the protocol asks for a text, which is then empty. */
function toMessage<R, V extends Record<string, unknown>>(document: TypedDocumentNode<R, V>, variables: V) {
  const name = nameOfDocument(document)
  return name ? { query: '', variables, extensions: persisted(name) } : { query: print(document), variables }
}

function follow<R>(
  { client, connected }: { client: Client; connected: Set<() => void> },
  message: ReturnType<typeof toMessage>,
  sink: LiveSink<R>,
): () => void {
  if (sink.connected) connected.add(sink.connected)
  const forget = () => sink.connected && connected.delete(sink.connected)
  const stop = client.subscribe<R>(message, {
    next: ({ data, errors }) => {
      if (errors?.length) sink.error?.(errors[0])
      if (data) sink.next(data)
    },
    error: (error) => {
      forget()
      sink.error?.(error)
    },
    complete: () => {
      forget()
      sink.complete?.()
    },
  })
  return () => {
    forget()
    stop()
  }
}

/** The socket of the logged-in person. */
export const live = openLive(keeper)
export const { connection, onReturn, subscribe, close: closeSocket } = live
