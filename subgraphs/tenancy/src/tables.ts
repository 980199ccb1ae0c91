import type { Generated } from 'kysely'
import type { Role } from '@passerelle/platform/schema'

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
  'tenancy.member': { organization_id: string; user_id: string; roles: Role[]; joined_at: Generated<Date> }
  'tenancy.session': {
    id: string
    organization_id: string
    user_id: string
    started_at: Generated<Date>
    ended_at: Date | null
  }
  'tenancy.refresh_token': {
    hash: string
    organization_id: string
    session_id: string
    expires_at: Date
    used_at: Date | null
  }
  'tenancy.password_reset': { organization_id: string; user_id: string; hash: string; expires_at: Date }
}
