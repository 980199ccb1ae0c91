import pg from 'pg'
import { inject } from 'vitest'

/** A database of a test's own, as operators give one. */
export interface OwnDatabase {
  /** Where its server is. */
  server: { host: string; port: number }
  /** Its address: the owner's, or another user's, by another way to the server when one is given. */
  url(user?: string, server?: { host: string; port: number }): string
  /** Runs a statement there as the owner, whom no row is hidden from. */
  run(statement: string): Promise<void>
  drop(): Promise<void>
}

/** Makes a database on the PostgreSQL of this run; `passerelle_app` is the plain role there. */
export async function createDatabase(): Promise<OwnDatabase> {
  const { user: owner, password = '', host, port, database } = inject('postgres')
  const name = `e2e_${process.pid}_${Date.now()}`
  const admin = new pg.Client({ user: owner, password, host, port, database })
  await admin.connect()
  await admin.query(`create database ${name}`)
  return {
    server: { host, port },
    url: (user = owner, server = { host, port }) =>
      server.host.startsWith('/')
        ? `postgres:///${name}?host=${encodeURIComponent(server.host)}&user=${user}`
        : `postgres://${user}${password && `:${password}`}@${server.host}:${server.port}/${name}`,
    async run(statement) {
      const client = new pg.Client({ user: owner, password, host, port, database: name })
      await client.connect()
      await client.query(statement).finally(() => client.end())
    },
    async drop() {
      await admin.query(`drop database ${name} with (force)`)
      await admin.end()
    },
  }
}
