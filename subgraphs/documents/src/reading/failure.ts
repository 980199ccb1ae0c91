/** Why a document could not be read; stable, part of the public contract (`IngestionError.code`). */
export type FailureCode =
  | 'PASSWORD_REQUIRED'
  | 'UNREADABLE'
  | 'UNSUPPORTED_TYPE'
  | 'TOO_LARGE'
  | 'TOO_MANY_PAGES'
  | 'TIMED_OUT'
  | 'EMPTY'
  | 'SPEECH_UNAVAILABLE'

/** The document cannot be read, whoever tries again: `code` says why. SPEECH_UNAVAILABLE alone goes away by itself, when a server comes. */
export class Unread extends Error {
  override name = 'Unread'
  readonly code: FailureCode
  /** @param code the stable reason; @param message a sentence for a person. */
  constructor(code: FailureCode, message: string) {
    super(message)
    this.code = code
  }
}
