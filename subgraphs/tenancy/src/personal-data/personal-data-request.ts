import { audit } from '@passerelle/platform/audit'
import { propose } from '@passerelle/platform/approvals'
import { newId } from '@passerelle/platform/ids'
import { normaliseIdentifier } from '@passerelle/platform/identifiers'
import {
  createSubject,
  subjectInput,
  type ErasureChoice,
  type Holding,
  type Subject,
  type SubjectInput,
} from '@passerelle/platform/privacy'
import { InvalidInput, NotAllowed, NotFound, parseInput, type Viewer } from '@passerelle/platform/schema'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import { readErasureDelayDays } from '../env.ts'
import { personErasure } from './erasure.approval.ts'
import { requireAnotherOwner } from './erasure.policy.ts'
import { openReceipt } from './erasure-receipt.store.ts'
import { requireGiver, requireWithin } from '../people/member.policy.ts'
import { findMember, holdMembers } from '../people/member.store.ts'
import { findOrganization } from '../people/organization.store.ts'
import { exportQueue } from './personal-data-export.queue.ts'
import { demandExport } from './personal-data-export.limits.ts'
import { addressesOf, addressKey, readPersonAddress } from './personal-data.addresses.ts'
import { findEverywhere } from './personal-data-find.ts'
import { tell } from './personal-data-steps.ts'
import {
  findScheduled,
  holdRequest,
  insertRequest,
  updateRequest,
  type PrivacyRequest,
} from './personal-data-request.store.ts'

const dayMs = 24 * 3_600_000

/** What every room holds of a person. Looking is audited. InvalidInput for whom nobody could be told by. */
export async function lookUpPerson(
  platform: Platform,
  viewer: Viewer,
  { input, signal }: { input: SubjectInput; signal: AbortSignal },
): Promise<{ subject: Subject; holdings: Holding[] }> {
  const subject = await requireSubject(platform, viewer, input)
  const holdings = await findEverywhere(platform, { organizationId: viewer.organizationId, subject, signal })
  await platform.sql.withOrganization(viewer, async (tx) =>
    audit(tx, { action: 'personal_data.looked_up', detail: { stores: holdings.length } }),
  )
  return { subject, holdings }
}

/** Has what is known of a person, or everything of the organisation, put into an archive that can be taken for a day. QuotaExceeded for more than a day has. */
export async function requestExport(
  platform: Platform,
  viewer: Viewer,
  input: SubjectInput | null,
): Promise<PrivacyRequest> {
  const subject = input && (await requireSubject(platform, viewer, input))
  if (!subject && !viewer.roles.includes('OWNER')) throw new NotAllowed('Only an owner takes everything along.')
  const kind = subject ? 'PERSON_EXPORT' : 'ORGANIZATION_EXPORT'
  const request = newRequest(viewer, { kind, subject })
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    await demandExport(tx, kind)
    const running = { ...request, state: 'RUNNING' as const }
    await insertRequest(tx, keys, running)
    await platform.jobs.enqueue(tx, exportQueue, { requestId: request.id }, { key: request.id })
    tell(tx, 'requested', running)
    return running
  })
}

/** Asks for a person to be erased. It begins once a second person has said yes. InvalidInput for the last owner, NotAllowed for a member who may do more than who asks. */
export async function requestErasure(
  platform: Platform,
  viewer: Viewer & { userId: string },
  { input, choice }: { input: SubjectInput; choice: ErasureChoice },
): Promise<PrivacyRequest> {
  const subject = await requireSubject(platform, viewer, input)
  const request = { ...newRequest(viewer, { kind: 'PERSON_ERASURE', subject }), choice }
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    await requireErasable(tx, viewer, subject)
    const approval = await propose(tx, {
      kind: personErasure,
      payload: { requestId: request.id },
      preview: previews[choice],
    })
    const waiting = { ...request, approvalId: approval.id }
    await insertRequest(tx, keys, waiting)
    tell(tx, 'requested', waiting)
    return waiting
  })
}

/** Without a word of whom: a proposal is read by everybody who decides on others, and stays. */
const previews = {
  DELETE_DOCUMENTS: {
    fr: 'Une personne sera effacée pour toujours : ses fiches, ses messages, et les documents qui la nomment (les factures sont gardées sous scellés, la loi l’exige). Le détail est dans Administration, Vie privée.',
    en: 'A person will be erased for good: records, messages, and the documents that name them (invoices are kept under seal, as the law asks). Details are in Administration, Privacy.',
  },
  REDACT_MENTIONS: {
    fr: 'Une personne sera effacée pour toujours : ses fiches, ses messages, et son nom dans les textes des documents, dont les fichiers ne seront plus visibles. Le détail est dans Administration, Vie privée.',
    en: 'A person will be erased for good: records, messages, and the name in the texts of documents, whose files will not be shown any more. Details are in Administration, Privacy.',
  },
} satisfies Record<ErasureChoice, { fr: string; en: string }>

/**
 * Has the whole organisation erased after some days, in which any owner can cancel it. Only an owner may, and by typing its name. InvalidInput for another
 * name, and when it is under way already.
 */
export async function requestOrganizationErasure(
  platform: Platform,
  viewer: Viewer,
  confirmation: string,
): Promise<{ request: PrivacyRequest; receiptToken: string }> {
  if (!viewer.roles.includes('OWNER')) throw new NotAllowed('Only an owner has the organisation erased.')
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  const planned = newRequest(viewer, { kind: 'ORGANIZATION_ERASURE', subject: null })
  const request = await platform.sql.withOrganization(viewer, async (tx) => {
    const organization = await findOrganization(tx, viewer.organizationId)
    if (!organization) throw new NotFound()
    if (confirmation.trim() !== organization.name)
      throw new InvalidInput('Type the name of the organisation as it is written.', ['confirmation'])
    if (await findScheduled(tx, keys)) throw new InvalidInput('The organisation is to be erased already.')
    const dueAt = new Date(Date.now() + readErasureDelayDays() * dayMs)
    const scheduled: PrivacyRequest = { ...planned, state: 'SCHEDULED', dueAt }
    await insertRequest(tx, keys, scheduled)
    tell(tx, 'requested', scheduled)
    return scheduled
  })
  // The installation's row is no part of that transaction: it comes after it, for a refusal leaves nothing behind.
  return { request, receiptToken: await openReceipt(platform.sql, planned.id) }
}

/** Takes back what has not begun. NotFound for none of the organisation's; InvalidInput for one that is being done. */
export async function cancelRequest(platform: Platform, viewer: Viewer, id: string): Promise<PrivacyRequest> {
  const keys = await platform.sealing.keysOf(viewer.organizationId)
  return platform.sql.withOrganization(viewer, async (tx) => {
    const request = await holdRequest(tx, keys, id)
    if (!request) throw new NotFound()
    if (request.state !== 'SCHEDULED' && request.state !== 'PENDING')
      throw new InvalidInput('This request has begun, or is over.', ['id'])
    const cancelled: PrivacyRequest = { ...request, state: 'CANCELLED', subject: null, finishedAt: new Date() }
    await updateRequest(tx, keys, cancelled)
    tell(tx, 'cancelled', cancelled)
    return cancelled
  })
}

function newRequest(viewer: Viewer, { kind, subject }: Pick<PrivacyRequest, 'kind' | 'subject'>): PrivacyRequest {
  return {
    id: newId('prv'),
    organizationId: viewer.organizationId,
    kind,
    state: 'PENDING',
    subject,
    choice: null,
    approvalId: null,
    requestedBy: viewer.userId,
    approvedBy: null,
    dueAt: null,
    progress: { done: [] },
    file: null,
    receipt: null,
    failure: null,
    createdAt: new Date(),
    finishedAt: null,
  }
}

/** A member is also found by their address, and whoever has the address of a member is that member. */
async function requireSubject({ sql, sealing }: Platform, viewer: Viewer, input: SubjectInput): Promise<Subject> {
  const given = parseInput(subjectInput, input)
  const typed = createSubject(viewer.organizationId, given)
  const addresses = await addressesOf({ sealing })
  const keys = typed.emails.map((email) => addressKey(addresses, email))
  const people = await sql.withOrganization(viewer, (tx) =>
    rowsOf<{ id: string; email: string }>(
      tx,
      `select person.id, person.email from tenancy.person join tenancy.member on member.user_id = person.id
       where person.id = $1 or person.email_key = any($2)`,
      [typed.userId, keys],
    ),
  )
  if (typed.userId && !people.some(({ id }) => id === typed.userId)) throw new NotFound()
  const [person, ...others] = people.map((row) => readPersonAddress(addresses, row))
  if (others.length > 0) throw new InvalidInput('These are several people: ask for one after the other.')
  if (!person) return typed
  const emails = [...(given.emails ?? []), normaliseIdentifier('EMAIL', person.email) ?? person.email]
  return createSubject(viewer.organizationId, { ...given, userId: person.id, emails })
}

async function requireErasable(tx: Tx, viewer: Viewer & { userId: string }, subject: Subject): Promise<void> {
  await holdMembers(tx)
  const member = subject.userId ? await findMember(tx, subject.userId) : null
  // An erasure takes a member out, too.
  if (member) requireWithin(await requireGiver(tx, viewer), member)
  await requireAnotherOwner(tx, subject)
}
