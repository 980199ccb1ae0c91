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
    hidden: 'The text is for its reader alone.',
    answered: 'What the mail server answered',
  },
  mailState: { KEPT: 'Kept here', WAITING: 'Waiting', SENT: 'Sent', REFUSED: 'Refused' },
}
