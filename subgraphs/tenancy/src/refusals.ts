import { Refusal } from '@passerelle/platform/schema'

/** The address, password or token is not right. It never says which, nor whether the account exists. */
export class InvalidCredentials extends Refusal {
  constructor() {
    super('INVALID_CREDENTIALS', 'These credentials are not valid.', 'UNAUTHENTICATED')
  }
}
