import { z } from 'zod'
import type { SmtpOptions } from '@passerelle/platform/mail/smtp'
import { requireSender, toSmtp } from '@passerelle/platform/mail/smtp-address'

export const mailSettings = {
  SMTP_URL: z.string().optional(),
  SMTP_PASSWORD: z.string().optional(),
  MAIL_FROM: z.string().optional(),
}

type Raw = { [Name in keyof typeof mailSettings]?: string | undefined }

/** The mail server that the settings describe; undefined where messages stay. Tells `fault` each thing that is wrong, as a sentence. */
export function toMailEnv(
  { SMTP_URL, SMTP_PASSWORD: password, MAIL_FROM: from }: Raw,
  fault: (sentence: string) => void,
): SmtpOptions | undefined {
  if (!SMTP_URL) return undefined
  const read = <T>(name: string, parse: () => T): T | undefined => {
    try {
      return parse()
    } catch (error) {
      fault(`${name} ${error instanceof Error ? error.message : String(error)}.`)
      return undefined
    }
  }
  const server = read('SMTP_URL', () => toSmtp(SMTP_URL, { password }))
  const sender = read('MAIL_FROM', () => requireSender(from ?? ''))
  return server && sender && from ? { server, from } : undefined
}
