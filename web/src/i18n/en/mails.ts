export const mails = {
  mails: {
    title: 'Sent messages',
    about: 'What Passerelle wrote to the members of your organisation.',
    aboutLink: 'The messages that Passerelle wrote to your members, and how they fared.',
    open: 'See the messages',
    keptHint: 'No mail server is set up: messages stay here, where you can read them.',
    none: 'No message yet',
    noneHint: 'The first is the welcome to a new member.',
    to: 'To {address}',
    gaveUp: 'The mail server did not answer for a day: the message will not be offered again.',
    triedAgain: 'The message is offered to the mail server until it takes it, for a day.',
    hidden: 'The text is for its reader alone; that of a message kept for an owner, for owners.',
    answered: 'What the mail server answered',
  },
  mailState: { KEPT: 'Kept here', WAITING: 'Waiting', SENT: 'Sent', REFUSED: 'Refused' },
}
