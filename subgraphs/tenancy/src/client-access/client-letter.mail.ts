import type { MailMessage } from '@passerelle/platform/mail'

/** What the house did about a request, as its client reads it. */
export interface Answered {
  organizationName: string
  name: string
  title: string
  status: string
  scheduledFor: Date | null
  url: string
}

const standing: Record<string, { fr: string; en: string }> = {
  NEW: { fr: 'reçue', en: 'received' },
  ACCEPTED: { fr: 'acceptée', en: 'accepted' },
  SCHEDULED: { fr: 'planifiée', en: 'scheduled' },
  IN_PROGRESS: { fr: 'en cours', en: 'in progress' },
  DONE: { fr: 'terminée', en: 'done' },
  DECLINED: { fr: 'refusée', en: 'declined' },
  CANCELLED: { fr: 'annulée', en: 'cancelled' },
}

/** That there is an answer, and where: not what it says. In both languages: nobody has told yet which one its reader speaks. */
export function clientLetterMessage({
  organizationName,
  name,
  title,
  status,
  scheduledFor,
  url,
}: Answered): Pick<MailMessage, 'subject' | 'text'> {
  const word = standing[status] ?? { fr: status, en: status }
  const day = (language: string) => (scheduledFor ? momentIn(language, scheduledFor) : null)
  const [french, english] = [day('fr'), day('en-GB')]
  return {
    // One line, whatever the organisation calls itself.
    subject: `${organizationName.replaceAll(/\s+/g, ' ').slice(0, 120)} vous a répondu`,
    text: `Bonjour ${name},

« ${organizationName} » a répondu à votre demande « ${title} ». Elle est ${word.fr}${french ? `, prévue le ${french}` : ''}.

La réponse est dans votre espace, que vous ouvrez par le lien que vous avez reçu, ou en vous connectant :

${url}

---
Hello ${name}, “${organizationName}” has answered your request “${title}”. It is ${word.en}${english ? `, planned for ${english}` : ''}. The answer is on your own page: open it by the link that you were sent, or log in at the address above.

Passerelle`,
  }
}

function momentIn(language: string, moment: Date): string {
  const form = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' })
  return form.format(moment)
}
