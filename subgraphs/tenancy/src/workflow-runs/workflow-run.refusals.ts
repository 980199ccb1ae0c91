import { Refusal } from '@passerelle/platform/schema'
import type { RunState } from './workflow-run.tables.ts'

/** A run that has ended reports no more, and cannot be cancelled. */
export class WorkflowRunOver extends Refusal {
  readonly state: RunState
  constructor(state: RunState) {
    super('WORKFLOW_RUN_OVER', 'This run has ended.')
    this.state = state
  }
}
