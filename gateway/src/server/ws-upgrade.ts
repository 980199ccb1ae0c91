import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocket, WebSocketServer, type RawData } from 'ws'
import type { Log } from '@passerelle/platform/log'
import { liveConnections, refusedOperations } from '@passerelle/platform/telemetry'
import { createMessageCount, type Connections } from '../limits/connections.ts'
import { placeOf } from '@passerelle/platform/identity/networks'
import type { CallerOf } from './caller.ts'

const MOST_BYTES = 1024 * 1024
/** Close codes: of who sends without measure, and of who is to try again later. */
const POLICY_VIOLATION = 1008
export const TRY_AGAIN_LATER = 1013

/** That a message does not arrive because its client has left is no failure of whoever sends it; the connection says that it is closed. */
class Connection extends WebSocket {
  override send(data: Parameters<WebSocket['send']>[0], options: object = {}, done?: () => void): void {
    const heard = typeof options === 'function' ? (options as () => void) : done
    super.send(data, { ...options }, () => heard?.())
  }
}

/**
 * Takes WebSocket connections at `/graphql`, as many as one network address may have, and closes one that sends too many messages. `onCancel`
 * hears of the operations that a client wants no more.
 */
export function openWebSockets(
  server: Server,
  {
    connections,
    callerOf,
    log,
    onCancel,
  }: { connections: Connections; callerOf: CallerOf; log: Log; onCancel(socket: WebSocket, id: string): void },
): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, WebSocket: Connection })
  sockets.on('connection', (socket) => {
    liveConnections.inc()
    socket.once('close', () => liveConnections.dec())
    const isWithin = createMessageCount(connections.limits.messages)
    socket.on('message', (message) => {
      if (!isWithin()) {
        refusedOperations.inc({ door: 'websocket', reason: 'messages' })
        socket.close(POLICY_VIOLATION, 'Too many messages')
        socket.removeAllListeners('message')
        return
      }
      const id = cancelledBy(message)
      if (id !== undefined) onCancel(socket, id)
    })
  })
  sockets.on('error', (error) => log.warn({ err: error }, 'a WebSocket connection failed'))
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head) => {
    socket.on('error', () => socket.destroy())
    if (request.url?.split('?')[0] !== '/graphql') return refuseUpgrade(socket, '404 Not Found')
    const giveBack = connections.perAddress.take(placeOf(callerOf(request)))
    if (!giveBack) {
      refusedOperations.inc({ door: 'websocket', reason: 'connections' })
      return refuseUpgrade(socket, '429 Too Many Requests', 'Retry-After: 30\r\n')
    }
    socket.once('close', giveBack)
    sockets.handleUpgrade(request, socket, head, (webSocket) => sockets.emit('connection', webSocket, request))
  })
  return sockets
}

/** Has what a client does wrong on its connection, which is closed for it, said in the log; to be called when everybody else listens already. */
export function logClientErrors(sockets: WebSocketServer, log: Log): void {
  sockets.on('connection', (socket) => {
    socket.removeAllListeners('error')
    socket.on('error', (error) => {
      refusedOperations.inc({ door: 'websocket', reason: 'frame' })
      log.info({ reason: error.message }, 'a WebSocket client sent what it may not')
    })
  })
}

function refuseUpgrade(socket: Duplex, status: string, header = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\n${header}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** The operation that a message ends; such messages are short. */
function cancelledBy(message: RawData): string | undefined {
  if (!(message instanceof Buffer) || message.length > 300) return undefined
  const text = message.toString()
  if (!text.includes('"complete"')) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null || !('type' in parsed) || parsed.type !== 'complete')
      return undefined
    return 'id' in parsed && typeof parsed.id === 'string' ? parsed.id : undefined
  } catch {
    // Who reads the message says so.
    return undefined
  }
}
