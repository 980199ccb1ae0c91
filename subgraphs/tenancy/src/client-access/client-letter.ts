import { createHash } from 'node:crypto'
import { parse } from 'graphql'
import type { Consumer, Fact } from '@passerelle/platform/facts'
import type { Queue } from '@passerelle/platform/jobs'
import { clientViewer, EngineUnavailable } from '@passerelle/platform/schema'
import type { Platform } from '@passerelle/platform/subgraph'
import { z } from 'zod'
import { readHouseUrl } from '../env.ts'
import { hasAccess } from './client-letter.store.ts'
import { clientLetterMessage } from './client-letter.mail.ts'

interface Pending {
  requestId: string
  clientId: string
  /** When the house did what the letter would tell of. */
  at: string
  letterId: string
}

export const clientLetterQueue: Queue<Pending> = {
  name: 'tenancy.client-letter',
  retries: 20,
  concurrency: 2,
  perOrganization: 1,
}

/** So long nothing more is said: what the house does in one go is one letter, and what it takes back none. */
const quietMs = 180_000

/** Letters that an organisation writes to its clients in a day, and to one address of these: what is answered more often is read on the page. */
const mostLetters = 1_000
const mostToAddress = 20
const windowSeconds = 86_400

const payload = z.object({
  id: z.string(),
  clientId: z.string().nullable(),
  author: z.enum(['HOUSE', 'CLIENT']),
  status: z.string(),
  internal: z.boolean().optional(),
  at: z.iso.datetime(),
})

/** Has clients written to whose request the house has moved or answered. */
export function createClientLetterConsumer({ sql, jobs }: Pick<Platform, 'sql' | 'jobs'>): Consumer {
  return {
    name: 'tenancy.client-letters',
    types: ['service_request.status_changed', 'service_request.message_added'],
    async handle(fact) {
      const { id: requestId, clientId, at, ...told } = payload.parse(fact.payload)
      if (clientId === null || !isAnswer(fact.type, told)) return
      const { organizationId } = fact
      const pending = { requestId, clientId, at, letterId: letterIdOf(fact) }
      const notBefore = new Date(Date.parse(at) + quietMs)
      await sql.withOrganization({ organizationId }, (tx) =>
        jobs.enqueue(tx, clientLetterQueue, pending, { key: requestId, notBefore }),
      )
    },
  }
}

/** What the client waits for: not what they did themselves, the house's own notes, and a step that was taken back. */
function isAnswer(
  type: string,
  { author, internal, status }: Pick<z.output<typeof payload>, 'author' | 'internal' | 'status'>,
): boolean {
  if (author === 'CLIENT' || internal) return false
  return type === 'service_request.message_added' || status !== 'NEW'
}

/** Of the fact, so that one that comes twice is written of once; sorted by its moment, as all ids of messages. */
function letterIdOf({ organizationId, position, occurredAt }: Fact): string {
  const hash = createHash('sha256').update(`${organizationId} ${position}`).digest('hex')
  return `msg_${occurredAt.getTime().toString(16).padStart(12, '0')}${hash.slice(0, 20)}`
}

const operation = parse(`query LetterToClient($id: ID!) {
  viewer { organization { name } client { name email } }
  serviceRequest(id: $id) {
    title status scheduledFor
    messages(first: 1) { nodes { author createdAt } }
    events(first: 100) { nodes { author occurredAt } }
  }
}`)
const moment = z.union([z.date(), z.iso.datetime().transform((text) => new Date(text))])
const author = z.enum(['HOUSE', 'CLIENT'])
const answer = z.object({
  viewer: z.object({
    organization: z.object({ name: z.string() }),
    client: z.object({ name: z.string(), email: z.string().nullable() }).nullable(),
  }),
  serviceRequest: z
    .object({
      title: z.string(),
      status: z.string(),
      scheduledFor: moment.nullable(),
      messages: z.object({ nodes: z.array(z.object({ author, createdAt: moment })) }),
      events: z.object({ nodes: z.array(z.object({ author, occurredAt: moment })) }),
    })
    .nullable(),
})

/**
 * Writes to the client that there is an answer, read as the client: what they do not see is no reason to write. Nobody is written to who cannot come in, has
 * no address, or has answered or been answered again by then; nor more often than a day has letters: whoever opens an organisation could else write what
 * they like to anybody.
 */
export async function writeClientLetter(
  { sql, mail, readGraph, coordination }: Pick<Platform, 'sql' | 'mail' | 'readGraph' | 'coordination'>,
  organizationId: string,
  { requestId, clientId, at, letterId }: Pending,
): Promise<void> {
  if (!(await sql.withOrganization({ organizationId }, (tx) => hasAccess(tx, clientId)))) return
  const viewer = clientViewer({ organizationId, clientId })
  const { data, errors } = await readGraph({ viewer, document: operation, variables: { id: requestId } })
  if (errors?.[0]) throw new EngineUnavailable('graph', errors[0])
  const { viewer: who, serviceRequest: request } = answer.parse(data)
  if (!who.client?.email || !request) return
  const said = [
    ...request.messages.nodes.map(({ createdAt }) => createdAt),
    ...request.events.nodes.map(({ occurredAt }) => occurredAt),
  ]
  if (said.some((later) => later > new Date(at))) return
  if (!(await takeLetter(coordination, { organizationId, to: who.client.email }))) return
  const { title, status, scheduledFor } = request
  const message = clientLetterMessage({
    organizationName: who.organization.name,
    name: who.client.name,
    title,
    status,
    scheduledFor: status === 'SCHEDULED' ? scheduledFor : null,
    url: `${readHouseUrl()}/portal`,
  })
  await mail.send({ organizationId, to: who.client.email, id: letterId, ...message })
}

async function takeLetter(
  coordination: Platform['coordination'],
  { organizationId, to }: { organizationId: string; to: string },
): Promise<boolean> {
  const address = createHash('sha256').update(to.toLowerCase()).digest('hex')
  for (const [name, limit] of [
    [`client-letters:${address}`, mostToAddress],
    ['client-letters', mostLetters],
  ] as const)
    if (!(await coordination.limit(organizationId, name, { limit, windowSeconds })).allowed) return false
  return true
}
