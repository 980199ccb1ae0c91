import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import pg from 'pg'
import type { SqlConnection } from './sql.ts'

/** What holds the rights on every table. The application logs in as this role, or as one that is a member of it. */
export const appRole = 'passerelle_app'

/**
 * Makes the role that the application logs in as, when it does not exist yet: plain, bound by row security, with `password` when one is given. A role
 * that is there keeps its password, and is made a member of `passerelle_app` when it has another name. Repeatable, also at the same moment.
 */
export async function createAppRole(
  owner: SqlConnection,
  { user, password }: { user: string; password?: string | undefined },
): Promise<void> {
  const client = new pg.Client(owner)
  await client.connect()
  try {
    await createRole(client, { name: appRole, password: user === appRole ? password : undefined })
    if (user === appRole) return
    await createRole(client, { name: user, password })
    await grantMembership(client, user)
  } finally {
    await client.end()
  }
}

async function createRole(
  client: pg.Client,
  { name, password }: { name: string; password: string | undefined },
): Promise<void> {
  const { rowCount } = await client.query('select from pg_roles where rolname = $1', [name])
  if (rowCount) return
  const secret = password === undefined ? '' : ` password ${client.escapeLiteral(toVerifier(password))}`
  const plain = 'login nosuperuser nobypassrls nocreatedb nocreaterole'
  await client.query(`create role ${client.escapeIdentifier(name)} ${plain}${secret}`).catch((error: unknown) => {
    // Another database of this server was migrated at the same moment.
    if (codeOf(error) === '42710' || codeOf(error) === '23505') return
    throw codeOf(error) === '42501' ? new Error(requestTo(name), { cause: error }) : error
  })
}

async function grantMembership(client: pg.Client, user: string): Promise<void> {
  const { rowCount } = await client.query(
    `select from pg_auth_members where roleid = $1::regrole and member = (select oid from pg_roles where rolname = $2)`,
    [appRole, user],
  )
  if (!rowCount) await client.query(`grant ${appRole} to ${client.escapeIdentifier(user)}`)
}

function requestTo(name: string): string {
  return `The owner may not create roles. Let somebody who may run: create role ${name} login password '…' nosuperuser nobypassrls nocreatedb nocreaterole`
}

/** What PostgreSQL keeps instead of a password (SCRAM-SHA-256, RFC 5803), made here so that no password stands in the server's log. */
function toVerifier(password: string): string {
  const [salt, iterations] = [randomBytes(16), 4096]
  const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256')
  const sign = (text: string): Buffer => createHmac('sha256', salted).update(text).digest()
  const stored = createHash('sha256').update(sign('Client Key')).digest('base64')
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${stored}:${sign('Server Key').toString('base64')}`
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}

/** Why this connection must not serve the application, or null: whoever owns the tables, or bypasses row security, sees every organisation. */
export async function findUnfitness(connection: SqlConnection): Promise<string | null> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rows } = await client.query<{ bypasses: boolean; owns: boolean; member: boolean }>(
      `select rolsuper or rolbypassrls as bypasses, pg_has_role(oid, '${appRole}', 'usage') as member,
         exists (select from pg_tables where schemaname = 'platform' and tablename = 'migration' and pg_has_role(pg_roles.oid, tableowner, 'member')) as owns
       from pg_roles where rolname = current_user`,
    )
    const [role] = rows
    if (role?.bypasses) return 'logs in as a role that bypasses row security'
    if (role?.owns) return 'logs in as the owner of the tables, whom row security does not bind'
    return role?.member ? null : `logs in as a role that is not a member of ${appRole}`
  } finally {
    await client.end()
  }
}
