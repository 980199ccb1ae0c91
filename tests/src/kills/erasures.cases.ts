import { expect, test } from 'vitest'
import { settled, type ApiClient } from '../client.ts'
import { askDatabase, countWaiters, holdRows } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { killAt, kills, settle, type Resident } from './rounds.ts'

const subject = { names: ['Zoé Canari'], emails: ['zoe@canari-jaune.example'] }

/** Where rooms erase, in their order: what is held there stops them in the middle. */
const held = ['tenancy.privacy_request', 'documents.document', 'logistics.shipment', 'conciergerie.client']

/** A person who is being erased from every store while the house is killed. */
export function erasureCases(house: Passerelle): void {
  test('whenever everything is killed, an erasure that was approved goes on where it was, ends once, and leaves nothing', async () => {
    const [person, second] = [await settle(house), await settle(house)]
    await fill(person.here())
    const decide = await joinAs(house, { guest: second, host: person })
    const { request } = await person
      .here()
      .ask<{ request: { id: string; approvalId: string } }>(
        `mutation ($subject: DataSubjectInput!) { request: erasePersonalData(subject: $subject, choice: DELETE_DOCUMENTS) { ... on PrivacyRequest { id approvalId } } }`,
        { subject },
      )
    let cutShort = 0
    await killAt(house, {
      rounds: Math.min(kills, held.length),
      moments: [
        async () => {
          const isHeld = async () => (await countWaiters(house)) > 0
          const isOver = async () => (await stateOf(house, request.id)) === 'DONE'
          await expect.poll(async () => (await isHeld()) || (await isOver()), { timeout: 120_000 }).toBe(true)
          if (!(await isOver())) cutShort++
        },
      ],
      begin(round) {
        // What has begun again by itself may be past it before it is held.
        const ready = holdRows(house, `lock table ${held.slice(round).join(', ')} in share row exclusive mode`)
        return [ready.then(() => (round === 0 ? decide(request.approvalId) : undefined))]
      },
    })
    expect(cutShort).toBeGreaterThan(0)
    await expect.poll(() => stateOf(house, request.id), { timeout: 180_000, interval: 500 }).toBe('DONE')
    expect(await receiptOf(person.here(), request.id)).toContain(request.id)
    const told = await askDatabase<{ count: number }>(
      house,
      `select (select count(*)::int from platform.fact where type = 'person.erased' and payload ->> 'id' = $1) as facts,
         (select count(*)::int from platform.audit_entry where action = 'approval.done' and subject_id = $2) as done`,
      [request.id, request.approvalId],
    )
    expect(told).toEqual([{ facts: 1, done: 1 }])
    const { personalData } = await person
      .here()
      .ask<{ personalData: { store: string; kept: string | null }[] }>(
        'query ($subject: DataSubjectInput!) { personalData(subject: $subject) { store kept } }',
        { subject },
      )
    expect(personalData.filter(({ kept }) => kept === null)).toEqual([])
    expect(
      await askDatabase(house, 'select from documents.document where organization_id = $1', [person.organizationId]),
    ).toEqual([])
  })
}

async function fill(client: ApiClient): Promise<void> {
  await client.upload('visite.txt', Buffer.from('Madame Zoé Canari nous a reçus à Lyon, zoe@canari-jaune.example.'))
  await settled(client)
  await client.ask(
    `mutation {
      createClient(input: { name: "Zoé Canari", email: "zoe@canari-jaune.example" }) { __typename }
      createShipment(input: { trackingNumber: "7ECANARI0001", reference: "colis Zoé Canari" }) { __typename } }`,
  )
}

/** Has somebody join who may decide; answers how they say yes. */
async function joinAs(
  house: Passerelle,
  { guest, host: { organizationId } }: { guest: Resident; host: Resident },
): Promise<(approvalId: string) => Promise<unknown>> {
  const { viewer } = await guest.here().ask<{ viewer: { user: { id: string } } }>('{ viewer { user { id } } }')
  await askDatabase(house, `insert into tenancy.member (organization_id, user_id, roles) values ($1, $2, '{ADMIN}')`, [
    organizationId,
    viewer.user.id,
  ])
  const { there } = await guest
    .here()
    .ask<{ there: { accessToken: string } }>(
      'mutation ($id: ID!) { there: switchOrganization(organizationId: $id) { ... on Session { accessToken } } }',
      { id: organizationId },
    )
  return (id) =>
    guest.as(there.accessToken).ask('mutation ($id: ID!) { approveAction(id: $id) { __typename } }', { id })
}

async function stateOf(house: Passerelle, id: string): Promise<string | undefined> {
  const text = 'select state from tenancy.privacy_request where id = $1'
  return (await askDatabase<{ state: string }>(house, text, [id]))[0]?.state
}

async function receiptOf(client: ApiClient, id: string): Promise<string | null | undefined> {
  const { privacyRequests } = await client.ask<{
    privacyRequests: { nodes: { id: string; receipt: string | null }[] }
  }>('{ privacyRequests { nodes { id receipt } } }')
  return privacyRequests.nodes.find((request) => request.id === id)?.receipt
}
