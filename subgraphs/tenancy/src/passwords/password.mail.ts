import type { MailMessage } from '@passerelle/platform/mail'

type Letter = Pick<MailMessage, 'subject' | 'text'>

/** The link to choose a new password. In both languages: nobody has told yet which one its reader speaks. */
export function resetMessage({ name, url, minutes }: { name: string; url: string; minutes: number }): Letter {
  return {
    subject: 'Choisir un nouveau mot de passe Passerelle',
    text: `Bonjour ${name},

Un nouveau mot de passe a été demandé pour votre compte. Pour le choisir, ouvrez ce lien dans les ${minutes} minutes ; il ne sert qu'une fois :

${url}

Si vous n'avez rien demandé, ne faites rien : votre mot de passe reste le même.

---
A new password was asked for. To choose it, open the link above within ${minutes} minutes; it works once. If it was not you, do nothing: your password stays as it is.

Passerelle`,
  }
}

/** Tells the person that it was done, in case it was not them. */
export function changedMessage(name: string): Letter {
  return {
    subject: 'Votre mot de passe Passerelle a changé',
    text: `Bonjour ${name},

Le mot de passe de votre compte vient d'être changé, et vos autres sessions sont fermées. Si ce n'était pas vous, demandez tout de suite un nouveau mot de passe depuis la page de connexion.

---
The password of your account has just been changed, and your other sessions have ended. If it was not you, ask for a new password at once from the log-in page.

Passerelle`,
  }
}
