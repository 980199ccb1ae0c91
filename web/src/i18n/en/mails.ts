export const mails = {
  mails: {
    title: 'Sent messages',
    about: 'What Passerelle has written to the members of your organisation.',
    aboutLink: 'The messages Passerelle has written to your members, and what became of them.',
    open: 'View messages',
    keptHint: 'No mail server is set up: messages stay here, where you can read them.',
    none: 'No messages yet',
    noneHint: 'The first will be the welcome to a new member.',
    to: 'To {address}',
    gaveUp: 'The mail server did not respond for a day: delivery will not be attempted again.',
    triedAgain: 'Delivery is attempted for a day, until the mail server accepts the message.',
    hidden: 'Only the recipient can read the text; for a message kept for an owner, only owners.',
    answered: 'Mail server’s response',
  },
  mailState: { KEPT: 'Kept here', WAITING: 'Waiting', SENT: 'Sent', REFUSED: 'Refused' },
}
