export const passwords = {
  password: {
    forgotTitle: 'Forgotten password',
    forgotHint: 'Enter your email address: if it has an account, a link to choose a new password is written to it.',
    send: 'Request a link',
    asked: 'Request received',
    askedHint:
      'If there is an account for {email}, a link has just been written. It is valid for {minutes} minutes and works once; any earlier link no longer works.',
    sent: 'Check your inbox, and your spam folder.',
    stays:
      'This installation has no mail server, so the message is not sent. It is kept in Settings › Sent messages. Ask an administrator of your organisation for the link; only an owner can read an owner’s.',
    again: 'Request another link',
    backToLogIn: 'Back to login',
    resetTitle: 'New password',
    resetHint: 'It replaces the old one, and all your sessions will be closed.',
    new: 'New password',
    choose: 'Set password',
    linkInvalid:
      'This link is not valid, or no longer is: it has already been used, was replaced by a newer one, or is more than thirty minutes old.',
    done: 'Your password has been changed. Your sessions are closed: log in with the new one.',
    current: 'Current password',
    wrong: 'This is not your current password.',
    change: 'Change password',
    changeHint: 'Your other sessions will be closed; this one stays open.',
    changed: 'Your password has been changed',
    othersEnded: 'No other session was open. | One other session was closed. | {n} other sessions were closed.',
  },
}
