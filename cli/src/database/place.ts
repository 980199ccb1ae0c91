import { join } from 'node:path'
import type { SqlConnection } from '@passerelle/platform/sql'
import type { Env } from '../env/env.ts'
import type { SqlEnv } from '../env/sql.ts'
import { Obstacle } from '../obstacle.ts'

/** Where the embedded PostgreSQL of an installation keeps everything. */
export function postgresFolder(env: Env): string {
  return join(env.dataFolder, 'postgres')
}

/** Who owns the tables of a PostgreSQL of the operator's; an `Obstacle` when the settings do not say. */
export function requireOwner({ owner }: SqlEnv): SqlConnection {
  if (!owner)
    throw new Obstacle('Set SQL_OWNER_URL to the address of a role that may make tables in this database, and roles.')
  return owner
}
