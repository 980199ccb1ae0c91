import { Refusal } from '@passerelle/platform/schema'

/** Somebody else has taken the question. */
export class AlreadyTaken extends Refusal {
  readonly byId: string | null
  constructor(byId: string | null) {
    super('ALREADY_TAKEN', 'Somebody else has taken this question.')
    this.byId = byId
  }
}

/** The question has been answered or closed. */
export class HandOverNotOpen extends Refusal {
  readonly status: 'OPEN' | 'TAKEN' | 'ANSWERED' | 'CLOSED'
  constructor(status: HandOverNotOpen['status']) {
    super('HAND_OVER_NOT_OPEN', 'This question has been answered or closed; open it again first.')
    this.status = status
  }
}
