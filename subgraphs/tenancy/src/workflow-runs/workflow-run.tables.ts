import type { Generated, Selectable } from 'kysely'

export const runStates = ['QUEUED', 'RUNNING', 'WAITING', 'DONE', 'FAILED', 'TIMED_OUT', 'CANCELLED'] as const
export type RunState = (typeof runStates)[number]
export type Completion = 'CALLBACK' | 'ANSWER'

/** The rows of workflows outside and of their runs. */
export type WorkflowTables = {
  'tenancy.workflow_endpoint': {
    id: string
    organization_id: string
    name: string
    url: string
    secret: string
    input_schema: unknown
    completion: Completion
    timeout_minutes: number
    active: Generated<boolean>
    created_by: string | null
    created_at: Generated<Date>
  }
  'tenancy.workflow_run': {
    id: string
    organization_id: string
    endpoint_id: string
    request_id: string
    state: RunState
    input: unknown
    result: unknown
    failure: string | null
    progress: number | null
    key_hash: string
    key_sealed: string | null
    attempts: Generated<number>
    deadline_at: Date
    asked_at: Date | null
    retry_of: string | null
    started_by: string | null
    created_at: Generated<Date>
    started_at: Date | null
    ended_at: Date | null
  }
  'tenancy.workflow_step': {
    organization_id: string
    run_id: string
    number: number
    name: string
    message: string | null
    at: Generated<Date>
  }
}

export type EndpointRow = Selectable<WorkflowTables['tenancy.workflow_endpoint']>
export type RunRow = Selectable<WorkflowTables['tenancy.workflow_run']>
