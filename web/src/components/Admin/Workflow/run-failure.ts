/** What the house itself says of a run that failed, and the word for it; the rest is the workflow's own text, which stays as it is. */
export const houseFailures = {
  'This address is not on the internet. An operator may allow it with PASSERELLE_OUTGOING_ALLOW.': 'ADDRESS_INSIDE',
  'Only addresses that begin with https:// are asked.': 'ADDRESS_NOT_HTTPS',
  'No web server listens at this port.': 'ADDRESS_PORT',
  'This is not a web address.': 'ADDRESS_REFUSED',
  'An address holds no user name and no password.': 'ADDRESS_REFUSED',
  'An IP address is written in four decimal numbers.': 'ADDRESS_REFUSED',
  'This name leads nowhere.': 'NAME_UNKNOWN',
  'The connection was refused, or broke off.': 'NOT_REACHED',
  'The certificate of this server does not hold.': 'CERTIFICATE',
  'No answer came in time.': 'NO_ANSWER',
  'No result came in time.': 'NO_RESULT',
  'The answer of the workflow is too long for a result.': 'TOO_LONG',
  'The workflow failed and did not say why.': 'NO_REASON',
} as const

/** Why a run failed, in the words of whoever reads it; `t` gives the text of a message key. */
export function failureText(failure: string, t: (key: string) => string): string {
  const own = Object.entries(houseFailures).find(([sentence]) => sentence === failure)?.[1]
  return own ? t(`workflows.failure.${own}`) : failure
}
