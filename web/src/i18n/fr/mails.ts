export const mails = {
  mails: {
    title: 'Messages envoyés',
    about: 'Ce que Passerelle a écrit aux membres de votre organisation.',
    aboutLink: 'Les messages que Passerelle a écrits à vos membres, et ce qu’ils sont devenus.',
    open: 'Voir les messages',
    keptHint: 'Aucun serveur de courrier n’est réglé : les messages restent ici, où vous pouvez les lire.',
    none: 'Aucun message pour l’instant',
    noneHint: 'Le premier est le mot de bienvenue à un nouveau membre.',
    to: 'À {address}',
    gaveUp: 'Le serveur de courrier n’a pas répondu pendant un jour : le message ne sera plus proposé.',
    triedAgain: 'Le message sera proposé au serveur de courrier jusqu’à ce qu’il le prenne, pendant un jour.',
    hidden:
      'Le texte est réservé à son destinataire ; celui d’un message gardé pour un propriétaire, aux propriétaires.',
    answered: 'Réponse du serveur de courrier',
  },
  mailState: { KEPT: 'Gardé ici', WAITING: 'En attente', SENT: 'Envoyé', REFUSED: 'Refusé' },
}
