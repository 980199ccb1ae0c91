import { sql, type Selectable } from 'kysely'
import { cursorParts, type Page, type PageRequest, type Role, type Viewer } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import { listRows, type List } from '@passerelle/platform/sql/list'
import { z } from 'zod'
import {
  addressKey,
  readInvitationAddress,
  sealInvitationAddress,
  type Addresses,
} from '../personal-data/personal-data.addresses.ts'
import type { Tables } from '../tables.ts'

type InvitationRow = Selectable<Tables['tenancy.invitation']>

export type InvitationState = 'PENDING' | 'ACCEPTED' | 'REVOKED' | 'EXPIRED'

/** A link by which somebody may join. */
export interface Invitation {
  id: string
  organizationId: string
  email: string
  roles: Role[]
  /** Whose account it offers, instead of roles. */
  clientId: string | null
  state: InvitationState
  invitedBy: string
  createdAt: Date
  sentAt: Date
  expiresAt: Date
}

/** Every invitation to be a member of the organisation, newest first. */
export function listInvitations(
  { database, viewer, addresses }: { database: Sql; viewer: Viewer; addresses: Addresses },
  page: PageRequest,
): Promise<Page<Invitation>> {
  const invitations: List<InvitationRow, Invitation> = {
    from: sql`tenancy.invitation`,
    where: sql<boolean>`client_id is null`,
    order: ['created_at', 'id'],
    descending: true,
    cursor: z.tuple([cursorParts.moment, cursorParts.id('inv')]),
    toNode: (row) => toInvitation(addresses, row),
  }
  return listRows({ database, viewer }, invitations, page)
}

export interface NewInvitation {
  id: string
  organizationId: string
  email: string
  roles: Role[]
  clientId: string | null
  hash: string
  invitedBy: string
  expiresAt: Date
}

/** Keeps an invitation, in the place of one to the same address that nobody has used, which ends. */
export async function putInvitation(tx: Tx, addresses: Addresses, invitation: NewInvitation): Promise<Invitation> {
  const { id, organizationId, roles, hash, clientId } = invitation
  const fresh = { roles, client_id: clientId, hash, invited_by: invitation.invitedBy, expires_at: invitation.expiresAt }
  const row = await tx
    .withTables<Tables>()
    .insertInto('tenancy.invitation')
    .values({
      ...fresh,
      ...sealInvitationAddress(addresses, invitation),
      id,
      organization_id: organizationId,
      accepted_at: null,
      accepted_by: null,
      revoked_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'email_key'])
        .where('accepted_at', 'is', null)
        .where('revoked_at', 'is', null)
        .doUpdateSet({ ...fresh, sent_at: sql`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow()
  return { ...toInvitation(addresses, row), email: invitation.email }
}

/** An invitation to be a member that nobody has used or revoked, held until the transaction ends. */
export async function holdInvitation(tx: Tx, addresses: Addresses, id: string): Promise<Invitation | null> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.invitation')
    .selectAll()
    .where('id', '=', id)
    .where('client_id', 'is', null)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .forUpdate()
    .executeTakeFirst()
  return row ? toInvitation(addresses, row) : null
}

/** Gives an invitation another link, for which whoever sends it answers; the earlier one ends. */
export async function replaceLink(
  tx: Tx,
  addresses: Addresses,
  { id, hash, invitedBy, expiresAt }: { id: string; hash: string; invitedBy: string; expiresAt: Date },
): Promise<Invitation> {
  const row = await tx
    .withTables<Tables>()
    .updateTable('tenancy.invitation')
    .set({ hash, invited_by: invitedBy, expires_at: expiresAt, sent_at: sql`now()` })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toInvitation(addresses, row)
}

export async function markRevoked(tx: Tx, addresses: Addresses, id: string): Promise<Invitation> {
  const row = await tx
    .withTables<Tables>()
    .updateTable('tenancy.invitation')
    .set({ revoked_at: new Date() })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
  return toInvitation(addresses, row)
}

/** Uses an invitation up. Null when somebody else has, it was revoked or sent again, or it has expired. */
export async function takeInvitation(
  tx: Tx,
  hash: string,
  userId: string,
): Promise<{ roles: Role[]; clientId: string | null; invitedBy: string } | null> {
  const taken = await tx
    .withTables<Tables>()
    .updateTable('tenancy.invitation')
    .set({ accepted_at: new Date(), accepted_by: userId })
    .where('hash', '=', hash)
    .where('accepted_at', 'is', null)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', new Date())
    .returning(['roles', 'client_id as clientId', 'invited_by as invitedBy'])
    .executeTakeFirst()
  return taken ?? null
}

/** Which place somebody with this address has in the organisation: a member's, or a client's; null for nobody. */
export async function findPlaceOf(
  tx: Tx,
  addresses: Addresses,
  email: string,
): Promise<{ userId: string; clientId: string | null } | null> {
  const found = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .innerJoin('tenancy.person', 'tenancy.person.id', 'tenancy.member.user_id')
    .select(['user_id as userId', 'client_id as clientId'])
    .where('email_key', '=', addressKey(addresses, email))
    .executeTakeFirst()
  return found ?? null
}

/** What an invitation is to whoever holds its link. */
export interface FoundInvitation {
  id: string
  organizationId: string
  organizationName: string
  email: string
  roles: Role[]
  clientId: string | null
  expiresAt: Date
  /** The account under the address, when there is one, and whether it has a place in any organisation. */
  account: { userId: string; passwordHash: string; hasPlace: boolean } | null
}

/** The invitation of a link, before any organisation is known; null when it does not hold, or not any more. */
export async function findInvitation(
  database: Sql,
  addresses: Addresses,
  hash: string,
): Promise<FoundInvitation | null> {
  const [row] = await database.query<{
    id: string
    organization_id: string
    organization_name: string
    email: string
    roles: Role[]
    client_id: string | null
    expires_at: Date
    user_id: string | null
    password_hash: string | null
    has_place: boolean
  }>('select * from tenancy.find_invitation($1)', [hash])
  if (!row) return null
  const { user_id: userId, password_hash: passwordHash, has_place: hasPlace } = row
  return {
    id: row.id,
    organizationId: row.organization_id,
    organizationName: row.organization_name,
    email: readInvitationAddress(addresses, { id: row.id, email: row.email }).email,
    roles: row.roles,
    clientId: row.client_id,
    expiresAt: row.expires_at,
    account: userId !== null && passwordHash !== null ? { userId, passwordHash, hasPlace } : null,
  }
}

function toInvitation(addresses: Addresses, row: InvitationRow): Invitation {
  return {
    id: row.id,
    organizationId: row.organization_id,
    email: readInvitationAddress(addresses, { id: row.id, email: row.email }).email,
    roles: row.roles,
    clientId: row.client_id,
    state: stateOf(row),
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    sentAt: row.sent_at,
    expiresAt: row.expires_at,
  }
}

function stateOf(row: InvitationRow): InvitationState {
  if (row.accepted_at) return 'ACCEPTED'
  if (row.revoked_at) return 'REVOKED'
  return row.expires_at > new Date() ? 'PENDING' : 'EXPIRED'
}
