import { rowsOf, type Tx } from './sql.ts'
import { unitOf } from './unit.ts'

/**
 * Holds a name, for what no single row stands for: until the transaction ends, whoever else of the organisation holds or keeps it waits. Begin the name with
 * the noun, such as `webhooks` or `approval_policy ENTITY_MERGE`.
 */
export async function holdName(tx: Tx, name: string): Promise<void> {
  await rowsOf(tx, 'select pg_advisory_xact_lock(hashtextextended($1, 0))', [inOrganization(tx, name)])
}

/** The same beside others who keep it: only who holds it waits. */
export async function keepName(tx: Tx, name: string): Promise<void> {
  await rowsOf(tx, 'select pg_advisory_xact_lock_shared(hashtextextended($1, 0))', [inOrganization(tx, name)])
}

const inOrganization = (tx: Tx, name: string): string => `${unitOf(tx).scope.organizationId} ${name}`
