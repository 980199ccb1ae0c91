import { Refusal } from '../schema/refusals.ts'
import type { ApprovalStatus } from './approval.ts'

/** Somebody has decided, its time is over, or its proposer has taken it back. */
export class ApprovalNotPending extends Refusal {
  readonly status: ApprovalStatus
  constructor(status: ApprovalStatus) {
    super('APPROVAL_NOT_PENDING', 'This does not wait for a decision any more.')
    this.status = status
  }
}

/** The four-eyes rule: somebody else has to decide. */
export class OwnProposal extends Refusal {
  constructor() {
    super('OWN_PROPOSAL', 'This is your own proposal: somebody else has to decide.')
  }
}
