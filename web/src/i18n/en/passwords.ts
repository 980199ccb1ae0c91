export const passwords = {
  password: {
    forgotTitle: 'Forgotten password',
    forgotHint: 'Give your address: if there is an account, a link to choose a new password is written to it.',
    send: 'Ask for a link',
    asked: 'The request was taken',
    askedHint:
      'If there is an account for {email}, a link has just been written. It is good for {minutes} minutes and one use; an earlier link no longer works.',
    sent: 'Look in your inbox, and in the spam.',
    stays:
      'This installation has no mail server: the message does not leave. It is kept in Settings › Sent messages. Ask an administrator of your organisation for the link; only an owner reads an owner’s.',
    again: 'Ask for another link',
    backToLogIn: 'Back to log-in',
    resetTitle: 'New password',
    resetHint: 'It replaces the old one, and all your sessions will end.',
    new: 'New password',
    choose: 'Choose this password',
    linkInvalid:
      'This link does not work, or no longer: it was used, was replaced by a later one, or is older than thirty minutes.',
    done: 'Your password has changed. Your sessions have ended: log in with the new one.',
    current: 'Current password',
    wrong: 'This is not your current password.',
    change: 'Change password',
    changeHint: 'Your other sessions will end; this one stays open.',
    changed: 'Your password has changed',
    othersEnded: 'No other session was open. | One other session has ended. | {n} other sessions have ended.',
  },
}
