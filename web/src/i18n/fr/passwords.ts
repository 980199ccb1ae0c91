export const passwords = {
  password: {
    forgotTitle: 'Mot de passe oublié',
    forgotHint:
      'Donnez votre adresse : si un compte existe, un lien pour choisir un nouveau mot de passe lui est écrit.',
    send: 'Demander un lien',
    asked: 'La demande est prise',
    askedHint:
      'Si un compte existe pour {email}, un lien vient d’être écrit. Il est valable {minutes} minutes et sert une seule fois ; un lien plus ancien ne vaut plus rien.',
    sent: 'Regardez votre boîte de réception, et les indésirables.',
    stays:
      'Aucun serveur de courrier n’est réglé sur cette installation : le message ne part pas. Il est gardé dans Réglages › Messages envoyés. Demandez le lien à un administrateur de votre organisation ; seul un propriétaire lit celui d’un propriétaire.',
    again: 'Demander un autre lien',
    backToLogIn: 'Retour à la connexion',
    resetTitle: 'Nouveau mot de passe',
    resetHint: 'Il remplace l’ancien, et toutes vos sessions seront fermées.',
    new: 'Nouveau mot de passe',
    choose: 'Choisir ce mot de passe',
    linkInvalid:
      'Ce lien ne vaut pas ou plus : il a déjà servi, a été remplacé par un lien plus récent, ou a plus de trente minutes.',
    done: 'Votre mot de passe a changé. Vos sessions sont fermées : connectez-vous avec le nouveau.',
    current: 'Mot de passe actuel',
    wrong: 'Ce n’est pas votre mot de passe actuel.',
    change: 'Changer de mot de passe',
    changeHint: 'Vos autres sessions seront fermées ; celle-ci reste ouverte.',
    changed: 'Votre mot de passe a changé',
    othersEnded:
      'Aucune autre session n’était ouverte. | Une autre session est fermée. | {n} autres sessions sont fermées.',
  },
}
