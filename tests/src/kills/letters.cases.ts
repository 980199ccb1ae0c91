import { startTestMailServer, type TestMailServer } from '@passerelle/platform/mail/testing'
import { expect, test } from 'vitest'
import type { ApiClient } from '../client.ts'
import { askDatabase, countWaiters, holdRows } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { killAt, settle, type Moment } from './rounds.ts'

/** A mail server that can be made to fall silent in the middle of a conversation. */
export interface PostOffice {
  port: number
  taken: TestMailServer['taken']
  isSilent: boolean
  /** Resolves when a letter's address has been given to it next. */
  addressed(): Promise<void>
  /** Resolves when it has taken so many more letters. */
  takes(more: number): Promise<void>
  close(): Promise<void>
}

/** Opens it on a free port of this machine. */
export async function openPostOffice(): Promise<PostOffice> {
  const waiting = new Set<() => void>()
  const server = await startTestMailServer({
    onRcptTo(_address, _session, goOn) {
      for (const tell of waiting) tell()
      if (!office.isSilent) goOn()
    },
  })
  const office: PostOffice = {
    port: server.port,
    taken: server.taken,
    isSilent: false,
    addressed: () => new Promise((resolve) => waiting.add(resolve)),
    async takes(more) {
      const wanted = server.taken.length + more
      await expect.poll(() => server.taken.length, { interval: 2, timeout: 120_000 }).toBeGreaterThanOrEqual(wanted)
    },
    close: () => server.close(),
  }
  return office
}

/** Letters that are written and handed over while the house is killed. */
export function letterCases(house: Passerelle, office: PostOffice): void {
  test('whenever everything is killed, there is a letter for every invitation, and it arrives, always as the same message', async () => {
    const person = await settle(house)
    const invited: string[] = []
    const moments: [Moment, ...Moment[]] = [
      // The server has been told for whom, and says nothing more.
      () => office.addressed(),
      // The server has taken it, and nobody has written that down.
      () => office.takes(1),
      (going) => Promise.any(going),
      // The letter is being written.
      () => expect.poll(() => countWaiters(house), { interval: 20, timeout: 120_000 }).toBeGreaterThan(0),
    ]
    await killAt(house, {
      moments,
      begin(round) {
        office.isSilent = round % moments.length === 0
        const ready =
          round % moments.length === 3 ? holdRows(house, 'lock table platform.mail in exclusive mode') : null
        return [0, 1, 2, 3].map(async (index) => {
          await ready
          invited.push(await invite(person.here(), `jean.${round}.${index}@exemple.fr`))
        })
      },
      recover: () => void (office.isSilent = false),
    })
    invited.push(await invite(person.here(), 'jean.dernier@exemple.fr'))
    const states = () => listLetters(house, person.organizationId)
    await expect.poll(async () => new Set(await states()), { timeout: 180_000 }).toEqual(new Set(['SENT']))
    const letters = office.taken.filter(({ text }) => text?.includes('/invitation?token='))
    const copies = Map.groupBy(letters, ({ to }) => to?.[0]?.address ?? '')
    expect(invited.filter((address) => !copies.has(address))).toEqual([])
    const invitations = await askDatabase(house, 'select from tenancy.invitation where organization_id = $1', [
      person.organizationId,
    ])
    expect(copies.size).toBe(invitations.length)
    for (const [, same] of copies) {
      expect(new Set(same.map(({ messageId }) => messageId)).size).toBe(1)
      expect(new Set(same.map(({ text }) => text)).size).toBe(1)
    }
  })
}

/** The address, once its invitation has been acknowledged. */
async function invite(client: ApiClient, email: string): Promise<string> {
  const { invitation } = await client.ask<{ invitation: { email: string } }>(
    `mutation ($email: String!) { invitation: inviteMember(email: $email, roles: [VIEWER]) { ... on Invitation { email } } }`,
    { email },
  )
  return invitation.email
}

async function listLetters(house: Passerelle, organizationId: string): Promise<string[]> {
  const text = 'select state from platform.mail where organization_id = $1'
  return (await askDatabase<{ state: string }>(house, text, [organizationId])).map(({ state }) => state)
}
