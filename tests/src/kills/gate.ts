import { expect } from 'vitest'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'

/** What is changed row by row, and where it stops. */
interface Place {
  table: string
  on: 'update' | 'delete'
  organizationId: string
  /** How many rows, by their ids, come before the one that waits. */
  after: number
}

interface Gate {
  open(): Promise<void>
  /** Once nobody is on the way through it any more. */
  remove(): Promise<void>
}

/** Puts a gate before one row of an organisation: whoever changes it waits there, after every start anew, until it is opened. */
export async function closeGate(house: Passerelle, { table, on, organizationId, after }: Place): Promise<Gate> {
  const [row] = await askDatabase<{ id: string }>(
    house,
    `select id from ${table} where organization_id = $1 order by id offset $2 limit 1`,
    [organizationId, after],
  )
  expect(row?.id).toMatch(/^\w+$/)
  await askDatabase(
    house,
    `create schema gate;
     create table gate.closed (since timestamptz default now());
     insert into gate.closed default values;
     create function gate.wait() returns trigger language plpgsql security definer as $$
     begin
       while exists (select from gate.closed) loop perform pg_sleep(0.05); end loop;
       return case tg_op when 'DELETE' then old else new end;
     end $$;
     create trigger gate before ${on} on ${table} for each row when (old.id = '${row?.id}') execute function gate.wait()`,
  )
  return {
    open: async () => void (await askDatabase(house, 'delete from gate.closed')),
    remove: async () => void (await askDatabase(house, 'drop schema gate cascade')),
  }
}
