import type { MailMessage } from '@passerelle/platform/mail'

type Letter = Pick<MailMessage, 'subject' | 'text'>

const when = (language: string, at: Date): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' }).format(at)

/** Tells a person that they, or somebody, logged in from where they have not been before. In both languages. */
export function newDeviceMessage({
  name,
  device,
  network,
  at,
}: {
  name: string
  device: string | null
  network: string | null
  at: Date
}): Letter {
  const place = [device, network].filter(Boolean).join(' · ')
  return {
    subject: 'Nouvelle connexion à votre compte Passerelle',
    text: `Bonjour ${name},

Une session vient d'être ouverte avec votre mot de passe depuis un appareil ou un réseau que nous ne connaissons pas.

${when('fr', at)} (heure de Paris)${place ? `\n${place}` : ''}

Si c'était vous, il n'y a rien à faire. Sinon, fermez cette session dans vos paramètres et changez votre mot de passe tout de suite.

---
A session was just opened with your password from a device or network that we do not know (${when('en', at)}, Paris time). If it was you, there is nothing to do. If not, end that session in your settings and change your password at once.

Passerelle`,
  }
}
