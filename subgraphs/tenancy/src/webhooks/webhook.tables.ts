import type { Generated, Selectable } from 'kysely'
import type { OutgoingFailureCode } from '@passerelle/platform/outgoing'

export const webhookKinds = ['FACTS', 'SLACK', 'TEAMS'] as const
export type WebhookKind = (typeof webhookKinds)[number]
export type WebhookState = 'ACTIVE' | 'PAUSED'
export type PauseReason = 'PERSON' | 'FAILING' | 'GONE' | 'ADDRESS_ERASED'
export type DeliveryState = 'WAITING' | 'HELD' | 'DELIVERED' | 'FAILED' | 'SKIPPED'
export type Language = 'FR' | 'EN'

/** The rows of webhooks and what is delivered to them. */
export type WebhookTables = {
  'tenancy.webhook': {
    id: string
    organization_id: string
    kind: WebhookKind
    name: string
    url: string
    types: string[]
    language: Language
    secret: string | null
    previous_secret: string | null
    previous_until: Date | null
    state: Generated<WebhookState>
    paused_because: PauseReason | null
    failing_since: Date | null
    failing_told: Generated<boolean>
    probe_at: Date | null
    after_position: number
    created_by: string | null
    created_at: Generated<Date>
  }
  'tenancy.webhook_delivery': {
    id: string
    organization_id: string
    webhook_id: string
    fact_position: number | null
    type: string
    body: string
    state: DeliveryState
    attempts: Generated<number>
    tried_since: Generated<Date>
    next_at: Date | null
    created_at: Generated<Date>
    settled_at: Date | null
  }
  'tenancy.webhook_attempt': {
    organization_id: string
    delivery_id: string
    number: number
    at: Generated<Date>
    status: number | null
    failure: OutgoingFailureCode | null
    latency_ms: number | null
    answer: string | null
  }
}

export type WebhookRow = Selectable<WebhookTables['tenancy.webhook']>
export type DeliveryRow = Selectable<WebhookTables['tenancy.webhook_delivery']>
