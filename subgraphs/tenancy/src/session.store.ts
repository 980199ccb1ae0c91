import type { Role } from '@passerelle/platform/schema'
import type { Sql, Tx } from '@passerelle/platform/sql'
import type { Tables } from './tables.ts'

/** Who logs in with this address, before any organisation is known. */
export async function findLogin(
  sql: Sql,
  email: string,
): Promise<{ userId: string; passwordHash: string; organizationId: string } | null> {
  const [row] = await sql.query<{ user_id: string; password_hash: string; organization_id: string }>(
    'select * from tenancy.find_login($1)',
    [email.toLowerCase()],
  )
  return row ? { userId: row.user_id, passwordHash: row.password_hash, organizationId: row.organization_id } : null
}

/** Whose session a refresh token is of, before any organisation is known. */
export async function findRefreshToken(
  sql: Sql,
  hash: string,
): Promise<{ organizationId: string; sessionId: string; userId: string } | null> {
  const [row] = await sql.query<{ organization_id: string; session_id: string; user_id: string }>(
    'select * from tenancy.find_refresh_token($1)',
    [hash],
  )
  return row ? { organizationId: row.organization_id, sessionId: row.session_id, userId: row.user_id } : null
}

export async function insertSession(
  tx: Tx,
  session: { id: string; organizationId: string; userId: string },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('tenancy.session')
    .values({ id: session.id, organization_id: session.organizationId, user_id: session.userId, ended_at: null })
    .execute()
}

export async function insertRefreshToken(
  tx: Tx,
  token: { hash: string; organizationId: string; sessionId: string; expiresAt: Date },
): Promise<void> {
  await tx
    .withTables<Tables>()
    .insertInto('tenancy.refresh_token')
    .values({
      hash: token.hash,
      organization_id: token.organizationId,
      session_id: token.sessionId,
      expires_at: token.expiresAt,
      used_at: null,
    })
    .execute()
}

/** Uses the token up. 'reused' when it was used before; 'over' when it has expired unused, or its session has ended. */
export async function useRefreshToken(tx: Tx, hash: string): Promise<'used' | 'reused' | 'over'> {
  const tables = tx.withTables<Tables>()
  const used = await tables
    .updateTable('tenancy.refresh_token')
    .from('tenancy.session')
    .set({ used_at: new Date() })
    .whereRef('tenancy.session.id', '=', 'tenancy.refresh_token.session_id')
    .where('hash', '=', hash)
    .where('used_at', 'is', null)
    .where('expires_at', '>', new Date())
    .where('tenancy.session.ended_at', 'is', null)
    .returning('hash')
    .executeTakeFirst()
  if (used) return 'used'
  const token = await tables
    .selectFrom('tenancy.refresh_token')
    .select('used_at')
    .where('hash', '=', hash)
    .executeTakeFirst()
  return token?.used_at ? 'reused' : 'over'
}

/** Ends one session, or all of the person's; answers those that were still open. */
export async function endSessions(tx: Tx, which: { sessionId: string } | { userId: string }): Promise<string[]> {
  const rows = await tx
    .withTables<Tables>()
    .updateTable('tenancy.session')
    .set({ ended_at: new Date() })
    .where('ended_at', 'is', null)
    .$if('sessionId' in which, (query) => query.where('id', '=', 'sessionId' in which ? which.sessionId : ''))
    .$if('userId' in which, (query) => query.where('user_id', '=', 'userId' in which ? which.userId : ''))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

export async function findRoles(tx: Tx, userId: string): Promise<Role[]> {
  const row = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.member')
    .select('roles')
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return row?.roles ?? []
}

export async function updatePassword(tx: Tx, userId: string, passwordHash: string): Promise<void> {
  await tx
    .withTables<Tables>()
    .updateTable('tenancy.person')
    .set({ password_hash: passwordHash })
    .where('id', '=', userId)
    .execute()
}
