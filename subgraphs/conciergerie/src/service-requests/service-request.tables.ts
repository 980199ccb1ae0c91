import type { Generated } from 'kysely'
import type {
  ServiceRequestAuthor,
  ServiceRequestChannel,
  ServiceRequestKind,
  ServiceRequestStatus,
  ServiceRequestUrgency,
} from './service-request-status.ts'

/** The rows of requests, as PostgreSQL has them. */
export type RequestTables = {
  'conciergerie.service_request': {
    id: string
    organization_id: string
    client_id: string | null
    property_id: string | null
    kind: ServiceRequestKind
    title: string
    description: string | null
    urgency: ServiceRequestUrgency
    status: ServiceRequestStatus
    scheduled_for: Date | null
    assignee_id: string | null
    channel: ServiceRequestChannel
    author: ServiceRequestAuthor
    created_by: string
    request_key: string | null
    search: string
    created_at: Generated<Date>
    updated_at: Generated<Date>
  }
  'conciergerie.service_request_event': {
    id: string
    organization_id: string
    request_id: string
    status: ServiceRequestStatus
    author: ServiceRequestAuthor
    actor: string | null
    occurred_at: Generated<Date>
  }
  'conciergerie.service_request_message': {
    id: string
    organization_id: string
    request_id: string
    author: ServiceRequestAuthor
    internal: boolean
    text: string
    actor: string | null
    created_by: string
    request_key: string | null
    created_at: Generated<Date>
  }
}
