import { parse } from 'graphql'
import { z } from 'zod'
import { nameKey } from '@passerelle/platform/identifiers'
import {
  createMatcher,
  type Holding,
  type RetentionNoun,
  type Subject,
  type SubjectRequest,
} from '@passerelle/platform/privacy'
import { EngineUnavailable, serviceViewer } from '@passerelle/platform/schema'
import { readRow, sealRow, type FieldKeys } from '@passerelle/platform/sealing'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { linkTable } from './client-link.personal.ts'

/** Which links are about a person: those of the clients that they are, and those whose label names them. */
export interface SubjectOfLinks {
  subject: Subject
  clientIds: readonly string[]
  keys: FieldKeys
}

const operation = parse(
  'query SubjectClients($search: String!) { clients(search: $search, first: 100) { nodes { id name } } }',
)
const answer = z.object({ clients: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }) })

/** Asks the graph which clients a person is: by a whole address or number, or by the very name. Asked before a transaction. */
export async function readSubjectOfLinks(
  { readGraph, sealing }: Pick<Platform, 'readGraph' | 'sealing'>,
  { organizationId, subject, signal }: SubjectRequest,
): Promise<SubjectOfLinks> {
  const viewer = serviceViewer(organizationId, ['record:read'])
  const names = new Set(subject.names.map(nameKey))
  const clientIds = new Set<string>()
  for (const search of [...subject.emails, ...subject.phones, ...subject.names]) {
    const { data, errors } = await readGraph({ viewer, document: operation, variables: { search }, signal })
    if (errors?.[0]) throw new EngineUnavailable('graph', errors[0])
    for (const { id, name } of answer.parse(data).clients.nodes)
      if (!subject.names.includes(search) || names.has(nameKey(name))) clientIds.add(id)
  }
  return { subject, clientIds: [...clientIds], keys: await sealing.keysOf(organizationId) }
}

const endedBefore = 'least(revoked_at, expires_at) < $1'

interface Row {
  id: string
  client_id: string
  label: string | null
}

/** The links that are about the person. */
export async function findLinksOf(tx: Tx, links: SubjectOfLinks): Promise<Holding> {
  const { own, named } = await likelyLinks(tx, links)
  return { store: linkTable.name, ids: [...own, ...named].map(({ id }) => id).toSorted() }
}

/** The links of the clients that the person is, as they take them along. */
export async function exportLinksOf(tx: Tx, { clientIds, keys }: SubjectOfLinks): Promise<object[]> {
  const rows = await rowsOf<Row>(
    tx,
    `select id, client_id, label, created_at, expires_at, revoked_at, uses, last_used_at from tenancy.client_link
     where client_id = any($1) order by id`,
    [clientIds],
  )
  return rows.map((row) => readRow(keys, linkTable, row))
}

/** Deletes the links of the clients that the person is, and covers them in the labels of others; answers the links that are gone, whose tokens are to be refused. */
export async function eraseLinksOf(tx: Tx, links: SubjectOfLinks): Promise<string[]> {
  const { own, named } = await likelyLinks(tx, links)
  const { mask } = createMatcher(links.subject)
  for (const { id, label } of named) {
    const sealed = sealRow(links.keys, linkTable, { id, label: label && mask(label) })
    await rowsOf(tx, 'update tenancy.client_link set label = $2 where id = $1', [id, sealed.label])
  }
  const ids = own.map(({ id }) => id)
  await rowsOf(tx, 'delete from tenancy.client_link where id = any($1)', [ids])
  return ids
}

/** Links that hold no more since some time. Who made and ended them stays in the audit log. */
export const endedLinks: RetentionNoun = {
  noun: linkTable.name,
  legalMinimumDays: 0,
  count: async (tx, before) => {
    const [row] = await rowsOf<{ count: number }>(
      tx,
      `select count(*) as count from tenancy.client_link where ${endedBefore}`,
      [before],
    )
    return row?.count ?? 0
  },
  remove: async (tx, { before, most }) => {
    const ended = `select id from tenancy.client_link where ${endedBefore} order by id limit $2`
    return (await rowsOf(tx, `delete from tenancy.client_link where id in (${ended}) returning id`, [before, most]))
      .length
  },
}

async function likelyLinks(
  tx: Tx,
  { subject, clientIds, keys }: SubjectOfLinks,
): Promise<{ own: Row[]; named: Row[] }> {
  const { finds } = createMatcher(subject)
  const rows = await rowsOf<Row>(
    tx,
    'select id, client_id, label from tenancy.client_link where client_id = any($1) or label is not null order by id for update',
    [clientIds],
  )
  const opened = rows.map((row) => readRow(keys, linkTable, row))
  const own = opened.filter((row) => clientIds.includes(row.client_id))
  return { own, named: opened.filter((row) => !own.includes(row) && row.label !== null && finds(row.label)) }
}
