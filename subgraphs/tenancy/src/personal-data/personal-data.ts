import {
  createMatcher,
  type ErasureRequest,
  type Holding,
  type PersonalData,
  type Subject,
  type SubjectRequest,
} from '@passerelle/platform/privacy'
import { findInTexts, maskInTexts } from '@passerelle/platform/privacy/texts'
import { rowsOf, type Tx } from '@passerelle/platform/sql'
import type { Platform } from '@passerelle/platform/subgraph'
import {
  endedLinks,
  eraseLinksOf,
  exportLinksOf,
  findLinksOf,
  readSubjectOfLinks,
  type SubjectOfLinks,
} from '../client-access/client-access.personal.ts'
import { loadAccounts } from '../client-access/client-account.store.ts'
import { findMember } from '../people/member.store.ts'
import { revoke } from '../sessions/session.ts'
import { addressesOf, addressKey, readPersonAddress, type Addresses } from './personal-data.addresses.ts'
import { findInAddresses, maskInAddresses } from './personal-data-outward.ts'
import { stopExports } from './personal-data-steps.ts'
import { exportTold, told } from './personal-data-told.ts'
import { settleRemoval, takeMember, type Removed } from '../people/member-removal.ts'

/** What belongs to a member and goes with them, by its table. Who did what stays as an id, which says nothing once the account is gone. */
const own = [
  'tenancy.session',
  'tenancy.password_reset',
  'tenancy.notification',
  'tenancy.notification_preference',
  'tenancy.notification_settings',
  'tenancy.notification_letter',
] as const

/** What tenancy knows of people: accounts and memberships, sessions, what they were told, who was invited, and whom programs outside spoke of. */
export const personalData: PersonalData = {
  async find(platform, request) {
    const { organizationId, subject } = request
    const addresses = await addressesOf(platform)
    const links = await readSubjectOfLinks(platform, request)
    const held = await platform.sql.withOrganization({ organizationId }, (tx) =>
      findPerson(tx, addresses, { subject, links }),
    )
    return [...held, ...(await findInAddresses(platform, request))]
  },

  async *export(platform, request: SubjectRequest) {
    const { sql, sealing } = platform
    const { organizationId, subject } = request
    const { userId } = subject
    const subjectOfLinks = await readSubjectOfLinks(platform, request)
    const links = await sql.withOrganization({ organizationId }, (tx) => exportLinksOf(tx, subjectOfLinks))
    if (links.length > 0) yield { path: 'tenancy/client-links.json', content: JSON.stringify(links, null, 2) }
    const addresses = await addressesOf({ sealing })
    yield* exportTold(platform, request, addresses)
    if (!userId) return
    const account = await sql.withOrganization({ organizationId }, async (tx) => ({
      person: await rowsOf<{ id: string; email: string }>(
        tx,
        'select id, email, name, created_at from tenancy.person where id = $1',
        [userId],
      ),
      memberships: await rowsOf(tx, 'select roles, client_id, joined_at from tenancy.member where user_id = $1', [
        userId,
      ]),
      sessions: await rowsOf(
        tx,
        'select id, started_at, ended_at, device, network, last_used_at from tenancy.session where user_id = $1',
        [userId],
      ),
      notifications: await rowsOf(
        tx,
        'select kind, params, created_at, read_at from tenancy.notification where user_id = $1 order by id',
        [userId],
      ),
      acts: await rowsOf(
        tx,
        `select position, occurred_at, action, subject_kind, subject_id, detail, caller from platform.audit_entry
         where user_id = $1 order by position`,
        [userId],
      ),
    }))
    const person = account.person.map((row) => readPersonAddress(addresses, row))
    yield { path: 'tenancy/account.json', content: JSON.stringify({ ...account, person }, null, 2) }
  },

  erase: erasePerson,

  retention: [
    endedLinks,
    {
      noun: 'tenancy.session',
      legalMinimumDays: 0,
      count: async (tx, before) => {
        const [row] = await rowsOf<{ count: number }>(
          tx,
          'select count(*) as count from tenancy.session where ended_at < $1',
          [before],
        )
        return row?.count ?? 0
      },
      remove: async (tx, { before, most }) => {
        const ended = 'select id from tenancy.session where ended_at < $1 order by id limit $2'
        await rowsOf(tx, `delete from tenancy.refresh_token where session_id in (${ended})`, [before, most])
        return (await rowsOf(tx, `delete from tenancy.session where id in (${ended}) returning id`, [before, most]))
          .length
      },
    },
    {
      noun: 'tenancy.notification',
      legalMinimumDays: 0,
      count: async (tx, before) => {
        const [row] = await rowsOf<{ count: number }>(
          tx,
          'select count(*) as count from tenancy.notification where created_at < $1',
          [before],
        )
        return row?.count ?? 0
      },
      remove: async (tx, { before, most }) => {
        const old = 'select id from tenancy.notification where created_at < $1 order by id limit $2'
        return (await rowsOf(tx, `delete from tenancy.notification where id in (${old}) returning id`, [before, most]))
          .length
      },
    },
  ],
}

async function findPerson(
  tx: Tx,
  addresses: Addresses,
  { subject, links }: { subject: Subject; links: SubjectOfLinks },
): Promise<Holding[]> {
  const { userId, emails } = subject
  const keys = emails.map((email) => addressKey(addresses, email))
  const holdings: Holding[] = [
    await findLinksOf(tx, links),
    { store: 'tenancy.invitation', ids: await idsOf(tx, 'tenancy.invitation', ['email_key = any($1)', keys]) },
  ]
  if (userId) {
    holdings.push({ store: 'tenancy.member', ids: await idsOf(tx, 'tenancy.member', ['user_id = $1', userId]) })
    for (const table of own) holdings.push({ store: table, ids: await idsOf(tx, table, ['user_id = $1', userId]) })
    const acts = await idsOf(tx, 'platform.audit_entry', ['user_id = $1', userId])
    holdings.push({ store: 'platform.audit_entry', ids: acts, kept: 'APPEND_ONLY' })
  }
  for (const table of told)
    holdings.push({ store: table.name, ids: await findInTexts(tx, table, createMatcher(subject)) })
  return holdings.filter(({ ids }) => ids.length > 0)
}

/** The column that tells the rows of a table apart. */
const keyOf: Record<string, string> = {
  'tenancy.member': 'user_id',
  'tenancy.password_reset': 'user_id',
  'tenancy.notification_preference': 'kind',
  'tenancy.notification_settings': 'user_id',
  'platform.audit_entry': 'position::text',
}

async function idsOf(tx: Tx, table: string, [where, value]: [string, unknown]): Promise<string[]> {
  const text = `select ${keyOf[table] ?? 'id'} as id from ${table} where ${where} order by 1`
  return (await rowsOf<{ id: string }>(tx, text, [value])).map(({ id }) => id)
}

async function erasePerson(platform: Platform, request: ErasureRequest): Promise<void> {
  const { organizationId, subject } = request
  const { userId, emails } = subject
  const links = await readSubjectOfLinks(platform, request)
  const addresses = await addressesOf(platform)
  const keys = emails.map((email) => addressKey(addresses, email))
  await maskInAddresses(platform, request)
  const { removed, ended } = await platform.sql.withOrganization({ organizationId }, async (tx) => {
    const ended = await eraseLinksOf(tx, links)
    await rowsOf(tx, 'delete from tenancy.invitation where email_key = any($1)', [keys])
    for (const email of emails) await rowsOf(tx, 'select tenancy.erase_jobs($1)', [email])
    for (const table of told) await maskInTexts(tx, table, createMatcher(subject))
    await stopExports(tx)
    if (!userId) return { removed: null, ended }
    const removed = await takePlace(tx, userId)
    const sessions = 'select id from tenancy.session where user_id = $1'
    await rowsOf(tx, `delete from tenancy.refresh_token where session_id in (${sessions})`, [userId])
    for (const table of own) await rowsOf(tx, `delete from ${table} where user_id = $1`, [userId])
    // Whoever works for another organisation too keeps the account there; nobody here learns whether that is so.
    await rowsOf(tx, 'select tenancy.erase_people($1)', [[userId]])
    return { removed, ended }
  })
  await revoke(platform, organizationId, ended)
  if (userId && removed) await settleRemoval(platform, { organizationId, userId, ...removed })
}

/** Takes a member or a client out; null for who has no place there, or not any more. */
async function takePlace(tx: Tx, userId: string): Promise<Removed | null> {
  if (await findMember(tx, userId)) return takeMember(tx, { userId, how: 'member.erased' })
  const [account] = await loadAccounts(tx, { userId })
  return account ? takeMember(tx, { ...account, how: 'client_account.removed' }) : null
}
