import { z } from 'zod'
import { audit } from '@passerelle/platform/audit'
import { publish } from '@passerelle/platform/facts'
import { newId } from '@passerelle/platform/ids'
import { InvalidInput, NotAllowed, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import type { Tx } from '@passerelle/platform/sql'
import { momentAfter } from '@passerelle/platform/sql/moment'
import type { Platform } from '@passerelle/platform/subgraph'
import { loadAnswers } from '../conversations/answer.store.ts'
import { handOverChanged } from './hand-over.facts.ts'
import { mayAnswer, requireConcerned, requirePerson } from './hand-over.policy.ts'
import { AlreadyTaken, HandOverNotOpen } from './hand-over.refusals.ts'
import { holdHandOver, insertHandOver, updateHandOver } from './hand-over.store.ts'

export const handOverStatuses = ['OPEN', 'TAKEN', 'ANSWERED', 'CLOSED'] as const
export type HandOverStatus = (typeof handOverStatuses)[number]

/** A question that its asker has handed to a person. */
export interface HandOver {
  id: string
  organizationId: string
  answerId: string
  conversationId: string
  askerId: string
  assigneeId: string | null
  question: string
  note: string | null
  status: HandOverStatus
  reply: string | null
  replyDocumentIds: string[]
  replierId: string | null
  createdAt: Date
  updatedAt: Date
  takenAt: Date | null
  answeredAt: Date | null
  closedAt: Date | null
}

/** A text of some lines that a person typed. */
const lines = (what: string, max: number) =>
  z
    .string()
    .trim()
    .max(max, `${what} has at most ${max} characters.`)
    .regex(/^(?:\P{Cc}|[\n\r\t])*$/u, `${what} has no control characters.`)

const handOverInput = z.object({ answerId: z.string(), note: lines('A note', 2_000).nullish() })

/** Hands the question of one's own answer to the colleagues. Done twice, it is the same one, as it was first written. */
export async function handOver(
  { sql }: Platform,
  viewer: Viewer,
  input: z.input<typeof handOverInput>,
): Promise<HandOver> {
  const { answerId, note } = parseInput(handOverInput, input)
  const askerId = requirePerson(viewer)
  return sql.withOrganization(viewer, async (tx) => {
    const answer = (await loadAnswers(tx, askerId, [answerId])).get(answerId)
    if (!answer) throw new NotFound()
    const now = new Date()
    const { handOver: kept, isNew } = await insertHandOver(tx, {
      id: newId('hnd'),
      organizationId: viewer.organizationId,
      answerId,
      conversationId: answer.conversationId,
      askerId,
      assigneeId: null,
      question: answer.question,
      note: note || null,
      status: 'OPEN',
      reply: null,
      replyDocumentIds: [],
      replierId: null,
      createdAt: now,
      updatedAt: now,
      takenAt: null,
      answeredAt: null,
      closedAt: null,
    })
    if (isNew) publish(tx, handOverChanged('opened', kept))
    return kept
  })
}

/** Takes a question on. Of two who take it at once the first has it, and the other is told who that is. */
export function takeHandOver(platform: Platform, viewer: Viewer, id: string): Promise<HandOver> {
  const me = requirePerson(viewer)
  return change(platform, viewer, { id, verb: 'taken' }, (held) => {
    if (held.status === 'TAKEN' && held.assigneeId === me) return held
    if (held.status === 'TAKEN') throw new AlreadyTaken(held.assigneeId)
    if (held.status !== 'OPEN') throw new HandOverNotOpen(held.status)
    return { ...held, status: 'TAKEN', assigneeId: me, takenAt: new Date() }
  })
}

const mostDocuments = 10
const answerInput = z.object({
  id: z.string(),
  text: lines('A reply', 10_000).min(1, 'A reply says something.'),
  documentIds: z.array(z.string()).max(mostDocuments, `A reply names at most ${mostDocuments} documents.`).nullish(),
})

/** What a reply says, checked but for the documents, which the caller has to be able to read. */
export function requireReply(input: z.input<typeof answerInput>): { id: string; text: string; documentIds: string[] } {
  const { id, text, documentIds } = parseInput(answerInput, input)
  return { id, text, documentIds: [...new Set(documentIds ?? [])] }
}

/** Replies to a question, which is thereby taken. Who has replied may say it better until it is closed. */
export function answerHandOver(
  platform: Platform,
  viewer: Viewer,
  { id, text, documentIds }: { id: string; text: string; documentIds: string[] },
): Promise<HandOver> {
  const me = requirePerson(viewer)
  return change(platform, viewer, { id, verb: 'answered' }, (held) => {
    if (held.status === 'TAKEN' && held.assigneeId !== me) throw new AlreadyTaken(held.assigneeId)
    if (held.status === 'CLOSED' || (held.status === 'ANSWERED' && held.replierId !== me))
      throw new HandOverNotOpen(held.status)
    if (held.status === 'ANSWERED' && held.reply === text && sameIds(held.replyDocumentIds, documentIds)) return held
    const now = new Date()
    return {
      ...held,
      status: 'ANSWERED',
      assigneeId: me,
      takenAt: held.takenAt ?? now,
      reply: text,
      replyDocumentIds: documentIds,
      replierId: me,
      answeredAt: now,
    }
  })
}

/** Ends a question, answered or not: its asker, who has it, or an administrator. */
export function closeHandOver(platform: Platform, viewer: Viewer, id: string): Promise<HandOver> {
  return change(platform, viewer, { id, verb: 'closed', readers: true }, (held) => {
    requireConcerned(held, viewer)
    return held.status === 'CLOSED' ? held : { ...held, status: 'CLOSED', closedAt: new Date() }
  })
}

/**
 * Takes the last step back: a closed question is what it was before; an answered one is with its replier again; one that was taken is open to all.
 */
export function reopenHandOver(platform: Platform, viewer: Viewer, id: string): Promise<HandOver> {
  return change(platform, viewer, { id, verb: 'reopened', readers: true }, (held) => {
    requireConcerned(held, viewer)
    if (held.status === 'CLOSED') return { ...held, status: statusBefore(held), closedAt: null }
    if (held.status === 'ANSWERED') return { ...held, status: 'TAKEN', answeredAt: null }
    return { ...held, status: 'OPEN', assigneeId: null, takenAt: null }
  })
}

function statusBefore({ answeredAt, assigneeId }: HandOver): HandOverStatus {
  if (answeredAt) return 'ANSWERED'
  return assigneeId ? 'TAKEN' : 'OPEN'
}

interface Change {
  id: string
  verb: Parameters<typeof handOverChanged>[0]
  /** Also those who only see it may try: the change itself says who may. */
  readers?: boolean
}

/** Holds one that the viewer sees, and writes what it becomes with the fact of it; one that stays as it is leaves no trace. */
function change(
  { sql }: Platform,
  viewer: Viewer,
  { id, verb, readers = false }: Change,
  next: (held: HandOver) => HandOver,
): Promise<HandOver> {
  return sql.withOrganization(viewer, async (tx: Tx) => {
    const held = await holdHandOver(tx, id)
    if (!held || !(mayAnswer(viewer) || held.askerId === viewer.userId)) throw new NotFound()
    if (!readers && !mayAnswer(viewer)) throw new NotAllowed()
    const changed = next(held)
    if (changed === held) return held
    const kept = { ...changed, updatedAt: momentAfter(held.updatedAt) }
    await updateHandOver(tx, kept)
    publish(tx, handOverChanged(verb, kept))
    if (verb === 'answered') audit(tx, { action: 'hand_over.answered', subject: { kind: 'HandOver', id } })
    return kept
  })
}

function sameIds(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((id) => other.includes(id))
}

/** A document that the replier may not read cannot be named. */
export function unreadableDocument(): InvalidInput {
  return new InvalidInput('There is no such document.', ['documentIds'])
}
