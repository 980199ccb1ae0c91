import type { Sql, Tx } from '@passerelle/platform/sql'
import type { Tables } from '../tables.ts'

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
      attempt: null,
    })
    .execute()
}

/** Uses the token up. 'reused' when it was used before; 'over' when it has expired unused, or its session has ended. */
export async function useRefreshToken(
  tx: Tx,
  { hash, attempt }: { hash: string; attempt: string | null },
): Promise<'used' | 'reused' | 'over'> {
  const tables = tx.withTables<Tables>()
  const used = await tables
    .updateTable('tenancy.refresh_token')
    .from('tenancy.session')
    .set({ used_at: new Date(), attempt })
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

/** Whether the token was used a moment ago by this very attempt, in a session that goes on, and what it was traded for has not been used since. */
export async function isSameAttempt(
  tx: Tx,
  { hash, attempt, successor, since }: { hash: string; attempt: string; successor: string; since: Date },
): Promise<boolean> {
  const found = await tx
    .withTables<Tables>()
    .selectFrom('tenancy.refresh_token as used')
    .innerJoin('tenancy.refresh_token as next', 'next.session_id', 'used.session_id')
    .innerJoin('tenancy.session', 'tenancy.session.id', 'used.session_id')
    .select('used.hash')
    .where('used.hash', '=', hash)
    .where('used.attempt', '=', attempt)
    .where('used.used_at', '>', since)
    .where('next.hash', '=', successor)
    .where('next.used_at', 'is', null)
    .where('tenancy.session.ended_at', 'is', null)
    .executeTakeFirst()
  return found !== undefined
}
