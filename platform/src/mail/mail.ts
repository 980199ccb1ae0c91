/**
 * Sends messages. A message is kept before it is sent, so that none is lost, and is read back by its organisation alone. It is sent after
 * the transaction it is about, never inside one. When the engine is away `send` throws EngineUnavailable.
 */
export interface Mail {
  /** Refuses with InvalidInput what is no message: not one address, a subject of several lines, an empty or endless text. */
  send(message: MailMessage): Promise<void>
  health(): Promise<void>
  close(): Promise<void>
}

export interface MailMessage {
  organizationId: string
  /** One address. */
  to: string
  /** One line, at most 200 characters. */
  subject: string
  /** Plain text, at most 100,000 characters. */
  text: string
}
