import type { Page, PageRequest } from '../schema/page.ts'
import type { OrganizationScope, Tx } from '../sql/sql.ts'

/**
 * Sends messages. A message is kept before it is sent, so that none is lost. It is sent after the transaction it is about, never inside one. When
 * what keeps it is away `send` throws EngineUnavailable; a mail server that is away is waited for.
 */
export interface Mail {
  /** Keeps a message by itself. Refuses with InvalidInput what is no message: not one address, a subject of several lines, an empty or endless text. */
  send(message: MailMessage): Promise<void>
  /** Made before a transaction, keeps messages in it: they are there if and only if it commits. Refuses as `send` does. */
  writer(organizationId: string): Promise<WriteMail>
  /** True where no server takes messages: they stay in the house, to be read there. */
  readonly stays: boolean
  /** The messages of one organisation, newest first, and how each has fared. */
  kept(viewer: OrganizationScope, page: PageRequest): Promise<Page<KeptMail>>
  /** Begins to hand over what waits, in a process that does work, for as long as its jobs run. Nothing to do where messages stay. */
  work(): Promise<void>
  health(): Promise<void>
  close(): Promise<void>
}

export type WriteMail = (tx: Tx, message: Omit<MailMessage, 'organizationId'>) => Promise<void>

export interface MailMessage {
  organizationId: string
  /** One address. */
  to: string
  /** One line, at most 200 characters. */
  subject: string
  /** Plain text, at most 100,000 characters. */
  text: string
  /** Made by its writer with `newId('msg')`, where it must not be written twice: what is kept under it already is left as it is. */
  id?: string | undefined
}

/** KEPT where no server takes messages; else WAITING, and then SENT or REFUSED for good. */
export type MailState = 'KEPT' | 'WAITING' | 'SENT' | 'REFUSED'

export interface KeptMail {
  id: string
  to: string
  subject: string
  /** Null unless it stays here: what a server takes is its reader's alone. */
  text: string | null
  state: MailState
  /** What the server last said, when that was not yes; null when it said nothing, as one that is away. */
  failure: string | null
  writtenAt: Date
  /** When it was sent or refused. */
  settledAt: Date | null
}
