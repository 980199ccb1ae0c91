/** A host to be killed by a test: opens the folder it is given, writes a thousand rows, says so, and stays. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { createLog } from '../log/log.ts'
import { openEmbeddedPostgres } from './embedded-postgres.ts'

const folder = process.argv[2] ?? ''
const server = await openEmbeddedPostgres({ folder, log: createLog({ name: 'host', level: 'silent' }) })
const client = new pg.Client(server.owner)
await client.connect()
await client.query('create table parcel as select generate_series(1, 1000)')
const pid = Number((await readFile(join(folder, 'data/postmaster.pid'), 'utf8')).split('\n')[0])
process.stdout.write(JSON.stringify({ socketFolder: server.owner.host, pid }))
