import type { MailMessage } from '@passerelle/platform/mail'
import type { InvitationWords } from '../people/invitation-letter.ts'

/** The link by which a client opens an account. In both languages: nobody has told yet which one its reader speaks. */
export function clientInvitationMessage(told: InvitationWords): Pick<MailMessage, 'subject' | 'text'> {
  const { organizationName, inviter, url, days } = told
  return {
    // One line, whatever the organisation calls itself.
    subject: `${organizationName.replaceAll(/\s+/g, ' ').slice(0, 120)} vous ouvre un compte`,
    text: `Bonjour,

${inviter} vous ouvre un compte chez « ${organizationName} », pour y retrouver vos demandes, vos séjours, vos colis et vos documents. Pour l'ouvrir, suivez ce lien dans les ${days} jours ; il ne sert qu'une fois :

${url}

Si vous avez déjà un compte, votre mot de passe actuel suffit. Si vous n'attendiez rien, ne faites rien.

---
${inviter} opens an account for you with “${organizationName}”, where you find your requests, stays, parcels and documents. To open it, follow the link above within ${days} days; it works once. If you have an account already, your present password is all you need. If you did not expect this, do nothing.

Passerelle`,
  }
}
