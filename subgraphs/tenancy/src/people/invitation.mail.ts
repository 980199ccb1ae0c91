import type { MailMessage } from '@passerelle/platform/mail'
import type { InvitationWords } from './invitation-letter.ts'

/** The link by which somebody joins an organisation. In both languages: nobody has told yet which one its reader speaks. */
export function invitationMessage(told: InvitationWords): Pick<MailMessage, 'subject' | 'text'> {
  const { organizationName, inviter, url, days } = told
  return {
    // One line, whatever the organisation calls itself.
    subject: `${organizationName.replaceAll(/\s+/g, ' ').slice(0, 120)} vous invite dans Passerelle`,
    text: `Bonjour,

${inviter} vous invite à rejoindre « ${organizationName} » dans Passerelle. Pour accepter, ouvrez ce lien dans les ${days} jours ; il ne sert qu'une fois :

${url}

Si vous avez déjà un compte, votre mot de passe actuel suffit. Si vous n'attendiez rien, ne faites rien.

---
${inviter} invites you to join “${organizationName}” in Passerelle. To accept, open the link above within ${days} days; it works once. If you have an account already, your present password is all you need. If you did not expect this, do nothing.

Passerelle`,
  }
}
