import type { Named } from '@/components/Kit/named'
import type {
  ServiceRequestChannel,
  ServiceRequestKind,
  ServiceRequestPartsFragment,
  ServiceRequestUrgency,
} from '@/gql/graphql'
import { fromLocalField, toLocalField } from './local-moment'

/** What the form of a request holds. */
export interface RequestDraft {
  kind: ServiceRequestKind
  title: string
  description: string
  client: Named | undefined
  property: Named | undefined
  urgency: ServiceRequestUrgency
  channel: ServiceRequestChannel
  scheduledFor: string
}

interface Given {
  request?: ServiceRequestPartsFragment | undefined
  client?: Named | undefined
  property?: Named | undefined
}

/** The fields that a refusal may speak about. */
export const fieldNames = [
  'kind',
  'title',
  'description',
  'clientId',
  'propertyId',
  'urgency',
  'channel',
  'scheduledFor',
]

/** The form of a request that is there, or of a new one. */
export function toDraft({ request, client, property }: Given): RequestDraft {
  return {
    kind: request?.kind ?? 'CLEANING',
    title: request?.title ?? '',
    description: request?.description ?? '',
    client: request ? (request.client ?? undefined) : client,
    property: request ? (request.property ?? undefined) : property,
    urgency: request?.urgency ?? 'NORMAL',
    channel: request?.channel ?? 'APP',
    scheduledFor: request?.scheduledFor ? toLocalField(request.scheduledFor) : '',
  }
}

/** What is sent: an emptied field says that there is nothing. */
export function toInput({ kind, title, description, client, property, urgency, channel, scheduledFor }: RequestDraft) {
  return {
    kind,
    title: title.trim(),
    description: description.trim() || null,
    clientId: client?.id ?? null,
    propertyId: property?.id ?? null,
    urgency,
    channel,
    scheduledFor: fromLocalField(scheduledFor),
  }
}
