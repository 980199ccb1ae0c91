import { createTransport, type NodemailerError, type SMTPTransportOptions } from 'nodemailer'
import { EngineUnavailable } from '../schema/refusals.ts'
import type { WaitingMail } from './mail.store.ts'
import { requireSender } from './smtp-address.ts'

/** The talk with a mail server. */
export interface Smtp {
  /**
   * Hands a message over; resolves once the server has taken it. MailRefused when it never will; EngineUnavailable('mail') when it cannot now. A message
   * has the same Message-ID each time, so that a reader's server can tell a second one.
   */
  deliver(mail: WaitingMail): Promise<void>
  /** Greets the server and logs in. */
  health(): Promise<void>
}

/** The server has said that it will not take this message, also not later. */
export class MailRefused extends Error {
  constructor(cause: Error) {
    super('The mail server will never take this message.', { cause })
    this.name = 'MailRefused'
  }
}

export interface SmtpOptions {
  server: SMTPTransportOptions
  /** `courrier@exemple.fr` or `Passerelle <courrier@exemple.fr>`. */
  from: string
}

/** A server that has said nothing for as long is not going to. */
const patience = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 60_000 }

/** Talks to a mail server, a connection for each message. */
export function openSmtp({ server, from }: SmtpOptions): Smtp {
  const domain = requireSender(from).split('@')[1]
  const transport = createTransport({ ...patience, ...server, disableFileAccess: true, disableUrlAccess: true })
  return {
    async deliver({ id, to, subject, text, writtenAt }) {
      const headers = { 'Auto-Submitted': 'auto-generated' }
      const message = { from, to, subject, text, date: writtenAt, messageId: `<${id}@${domain}>`, headers }
      await transport.sendMail(message).catch((error: NodemailerError) => {
        throw isRefusal(error) ? new MailRefused(error) : new EngineUnavailable('mail', error)
      })
    },
    async health() {
      await transport.verify().catch((error: unknown) => {
        throw new EngineUnavailable('mail', error)
      })
    },
  }
}

/**
 * A permanent answer to the reader's address or to the message itself. One to our name, password or address is about the settings: the message waits
 * for whoever mends them.
 */
function isRefusal({ command = '', responseCode = 0 }: NodemailerError): boolean {
  return responseCode >= 500 && /^(RCPT TO|DATA)/.test(command)
}

/** What the server said, in a line that a person can read; null when it said nothing, as one that is away. */
export function readAnswer(error: unknown): string | null {
  if (!(error instanceof Error)) return null
  if ('response' in error && typeof error.response === 'string')
    return error.response.replace(/\s+/g, ' ').slice(0, 500)
  return readAnswer(error.cause)
}
