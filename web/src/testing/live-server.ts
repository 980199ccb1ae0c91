import { flushPromises } from '@vue/test-utils'

interface Message {
  id?: string
  type: string
  payload?: { extensions?: { persistedQuery?: { sha256Hash: string } } }
}

/** What stands behind every socket that is opened from now on: it takes subscriptions, and tells what the test says. */
export function openLiveServer() {
  const told = new Map<string, (data: object) => void>()

  class Spoken extends EventTarget {
    static readonly CONNECTING = 0
    static readonly OPEN = 1
    static readonly CLOSING = 2
    static readonly CLOSED = 3
    readyState = Spoken.OPEN
    onopen = () => {}
    onmessage = (_event: { data: string }) => {}
    constructor() {
      super()
      queueMicrotask(() => this.onopen())
    }
    close(): void {}
    send(text: string): void {
      const { id, type, payload } = JSON.parse(text) as Message
      const say = (message: object) => this.onmessage({ data: JSON.stringify(message) })
      if (type === 'connection_init') queueMicrotask(() => say({ type: 'connection_ack' }))
      const name = payload?.extensions?.persistedQuery?.sha256Hash
      if (type === 'subscribe' && name) told.set(name, (data) => say({ id, type: 'next', payload: { data } }))
    }
  }
  globalThis.WebSocket = Object.assign(Spoken) as typeof Spoken & typeof WebSocket

  return {
    /** Whether somebody listens to the subscription of that name. */
    hears: (name: string | undefined) => told.has(name ?? ''),
    /** Tells those who listen, and lets what follows happen. */
    async tell(name: string | undefined, data: object) {
      told.get(name ?? '')?.(data)
      await flushPromises()
    },
  }
}
