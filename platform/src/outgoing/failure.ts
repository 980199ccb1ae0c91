/** Why a request to an address that a customer named did not get an answer. */
export type OutgoingFailureCode =
  /** It is not on the internet, or not to be asked in this way. */
  'ADDRESS_REFUSED' | 'NAME_UNKNOWN' | 'NOT_REACHED' | 'CERTIFICATE' | 'TIMED_OUT'

/** No answer came; the message is one sentence for whoever set the address, and says nothing about the network that the house stands in. */
export class OutgoingFailure extends Error {
  readonly code: OutgoingFailureCode
  constructor(code: OutgoingFailureCode, message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'OutgoingFailure'
    this.code = code
  }
}

const unknown = /^(ENOTFOUND|EAI_\w+|ENODATA)$/
const certificate =
  /^(CERT_\w+|DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|ERR_TLS_\w+|HOSTNAME_MISMATCH|INVALID_CA)$/

/** What went wrong, for whoever set the address. */
export function toFailure(error: unknown): OutgoingFailure {
  if (error instanceof OutgoingFailure) return error
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const name = error instanceof Error ? error.name : ''
  if (name === 'TimeoutError' || code === 'ETIMEDOUT')
    return new OutgoingFailure('TIMED_OUT', 'No answer came in time.', error)
  if (unknown.test(code)) return new OutgoingFailure('NAME_UNKNOWN', 'This name leads nowhere.', error)
  if (certificate.test(code))
    return new OutgoingFailure('CERTIFICATE', 'The certificate of this server does not hold.', error)
  return new OutgoingFailure('NOT_REACHED', 'The connection was refused, or broke off.', error)
}
