import { Refusal } from '@passerelle/platform/schema'

/** The address, password or token is not right. It never says which, nor whether the account exists. */
export class InvalidCredentials extends Refusal {
  constructor() {
    super('INVALID_CREDENTIALS', 'These credentials are not valid.', 'UNAUTHENTICATED')
  }
}

/** Somebody may be guessing a password. It says nothing of whether the account exists. */
export class TooManyAttempts extends Refusal {
  readonly resetsAt: Date
  constructor(resetsAt: Date) {
    super('TOO_MANY_ATTEMPTS', 'Too many attempts. Try again a little later.', 'RATE_LIMITED')
    this.resetsAt = resetsAt
  }
}

/** The link is unknown, used, replaced, revoked or too old; it never says which. */
export class LinkInvalid extends Refusal {
  constructor() {
    super('LINK_INVALID', 'This link does not hold, or not any more. Ask for a new one.', 'FORBIDDEN')
  }
}
