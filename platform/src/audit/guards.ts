import type { Sql } from '../sql/sql.ts'

/**
 * What no longer keeps what was written from being changed. TRIGGER: what refuses changes is gone, or does not do it. PRIVILEGE: a role has a right that nobody
 * is given. ROW_SECURITY: an organisation is not kept from the entries of another. OWNER: the application may act as the owner of the table.
 */
export type GuardFaultKind = 'TRIGGER' | 'PRIVILEGE' | 'ROW_SECURITY' | 'OWNER'

export interface GuardFault {
  kind: GuardFaultKind
  /** `platform.audit_entry`. */
  table: string
  /** One sentence in English. */
  message: string
}

/**
 * Looks in PostgreSQL's catalogue for what guards the tables of the audit log: the triggers and their function, the rights that roles have, row security. The
 * chain tells what was changed; this tells that it could be, now. Asks as the plain role, as which the application logs in.
 */
export async function findGuardFaults(sql: Pick<Sql, 'query'>): Promise<GuardFault[]> {
  const faults: GuardFault[] = []
  for (const table of await sql.query<GuardedTable>(guardedTables, [refusal])) {
    const say = (kind: GuardFaultKind, message: string): void => void faults.push({ kind, table: table.name, message })
    if (!table.present) {
      say('TRIGGER', `${table.name} is not there.`)
      continue
    }
    if (!table.refuses)
      say('TRIGGER', `The trigger append_only on ${table.name} is gone, turned off, or does not refuse every change.`)
    if (table.rights.length > 0) say('PRIVILEGE', `On ${table.name} there is granted ${table.rights.join(', ')}.`)
    if (!table.walled) say('ROW_SECURITY', `Row security on ${table.name} is off, not forced, or has other policies.`)
    if (table.owns) say('OWNER', `The role of the application may act as the owner of ${table.name}.`)
  }
  return faults
}

interface GuardedTable {
  name: string
  present: boolean
  refuses: boolean
  /** Each with who has it: `UPDATE to passerelle_app`. */
  rights: string[]
  walled: boolean
  owns: boolean
}

/** What `platform.refuse_change()` does, as the catalogue has it, but for its blanks. */
const refusal =
  "begin raise exception '% is append-only', tg_table_schema || '.' || tg_table_name using errcode = 'insufficient_privilege'; end"

/**
 * The head of a chain is moved on with every entry, so it has no trigger and may be updated. 58 are the bits of `before update or delete or truncate`, for each
 * statement; what is turned off for the session by `session_replication_role` is off for every role and database that has that setting.
 */
const guardedTables = `
  with guarded (name, relation, is_log) as (
    select 'platform.' || name, to_regclass('platform.' || name)::oid, name <> 'audit_head'
    from unnest(array['audit_entry', 'audit_anchor', 'audit_head']) as name),
  granted (relation, grantee, privilege) as (
    select pg_class.oid, acl.grantee, acl.privilege_type from pg_class, aclexplode(relacl) as acl
    where acl.grantee <> relowner
    union
    select attrelid, acl.grantee, acl.privilege_type
    from pg_attribute join pg_class on pg_class.oid = attrelid, aclexplode(attacl) as acl where acl.grantee <> relowner)
  select guarded.name, pg_class.oid is not null as present,
    not is_log or exists (
      select from pg_trigger join pg_proc on pg_proc.oid = tgfoid join pg_language on pg_language.oid = prolang
      where tgrelid = relation and tgname = 'append_only' and tgtype = 58 and tgqual is null and tgattr::text = ''
        and (tgenabled = 'A' or (tgenabled = 'O' and current_setting('session_replication_role') <> 'replica'))
        and tgfoid = to_regproc('platform.refuse_change') and lanname = 'plpgsql' and proconfig is null
        and btrim(regexp_replace(prosrc, '\\s+', ' ', 'g')) = $1) as refuses,
    array(
      select privilege || ' to ' || coalesce((select rolname from pg_roles where pg_roles.oid = grantee), 'everybody')
      from granted where granted.relation = guarded.relation
        and (privilege in ('DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER') or (is_log and privilege = 'UPDATE'))
      order by 1) as rights,
    coalesce(relrowsecurity and relforcerowsecurity
      and array(select polname::text from pg_policy where polrelid = relation and polpermissive order by 1) = array['organization', 'owner'],
      false) as walled,
    coalesce(pg_has_role(current_user, relowner, 'member'), false) as owns
  from guarded left join pg_class on pg_class.oid = relation order by is_log desc, 1`
