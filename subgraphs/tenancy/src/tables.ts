import type { Generated } from 'kysely'
import type { KeyKind, Role } from '@passerelle/platform/schema'

/** The rows of tenancy, as PostgreSQL has them. */
export type Tables = {
  'tenancy.organization': { id: string; name: string; created_at: Generated<Date> }
  'tenancy.person': {
    id: string
    email: string
    email_key: string
    name: string
    password_hash: string
    created_at: Generated<Date>
  }
  'tenancy.member': {
    organization_id: string
    user_id: string
    /** None for an account of a client, which has `client_id` instead. */
    roles: Role[]
    client_id: Generated<string | null>
    joined_at: Generated<Date>
    granted_scopes: Generated<string[]>
    withheld_scopes: Generated<string[]>
    rights_version: Generated<number>
  }
  'tenancy.session': {
    id: string
    organization_id: string
    user_id: string
    started_at: Generated<Date>
    ended_at: Date | null
    device: string | null
    network: string | null
    last_used_at: Generated<Date>
  }
  'tenancy.refresh_token': {
    hash: string
    organization_id: string
    session_id: string
    expires_at: Date
    used_at: Date | null
    attempt: string | null
  }
  'tenancy.invitation': {
    id: string
    organization_id: string
    email: string
    email_key: string
    roles: Role[]
    client_id: Generated<string | null>
    hash: string
    invited_by: string
    created_at: Generated<Date>
    sent_at: Generated<Date>
    expires_at: Date
    accepted_at: Date | null
    accepted_by: string | null
    revoked_at: Date | null
  }
  'tenancy.client_link': {
    id: string
    organization_id: string
    client_id: string
    label: string | null
    hash: string
    created_by: string
    created_at: Generated<Date>
    expires_at: Date
    revoked_at: Date | null
    revoked_by: string | null
    uses: Generated<number>
    last_used_at: Date | null
  }
  'tenancy.password_reset': { organization_id: string; user_id: string; hash: string; expires_at: Date }
  'tenancy.api_key': {
    id: string
    organization_id: string
    name: string
    kind: KeyKind
    scopes: string[]
    networks: string[]
    maker_id: string
    hash: string
    previous_hash: string | null
    previous_valid_until: Date | null
    created_at: Generated<Date>
    expires_at: Date
    rotated_at: Date | null
    revoked_at: Date | null
    revoked_by: string | null
    last_used_at: Date | null
    last_used_network: string | null
  }
}
