import type { MailMessage } from '@passerelle/platform/mail'

/** The link to a client's own page. In both languages: nobody has told yet which one its reader speaks. */
export function clientLinkMessage(told: {
  organizationName: string
  name: string
  url: string
  expiresAt: Date
}): Pick<MailMessage, 'subject' | 'text'> {
  const { organizationName, name, url, expiresAt } = told
  const day = (language: string) => new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'Europe/Paris' })
  return {
    // One line, whatever the organisation calls itself.
    subject: `Votre espace chez ${organizationName.replaceAll(/\s+/g, ' ').slice(0, 120)}`,
    text: `Bonjour ${name},

« ${organizationName} » vous ouvre votre espace : vos demandes, vos séjours, vos colis et vos documents. Il s'ouvre par ce lien, jusqu'au ${day('fr').format(expiresAt)} :

${url}

Le lien vaut clé : ne le transmettez à personne. Si vous n'attendiez rien, ne faites rien.

---
Hello ${name}, “${organizationName}” opens your own page for you: your requests, stays, parcels and documents. The link above opens it until ${day('en-GB').format(expiresAt)}. It is as good as a key: pass it on to nobody. If you did not expect this, do nothing.

Passerelle`,
  }
}
