import { beforeAll, expect, test } from 'vitest'
import type { Client } from 'graphql-ws'
import type { Passerelle } from '../passerelle.ts'
import { listDoors, listPlaces, readApi, toVariables, type Door, type Place } from './doors.ts'
import { fingerprint, stillFingerprint } from './fingerprint.ts'
import { nestedIdCases } from './nested-ids.cases.ts'
import {
  openTwoOrganizations,
  requiredValues,
  theirWord,
  variablesWith,
  type TwoOrganizations,
} from './two-organizations.ts'

/** The wall between organisations, tried at every door of the published schema. */
export async function foreignIdCases(house: Passerelle): Promise<void> {
  const doors = listDoors(await readApi())
  let two: TwoOrganizations
  beforeAll(async () => {
    two = await openTwoOrganizations(house)
  })

  test('an id of another organisation, of any type and anywhere, is answered like one that nobody has', async () => {
    const before = await stillFingerprint(house, two.theirs.organization)
    const differences: unknown[] = []
    for (const door of doors.filter(({ kind }) => kind !== 'subscription')) {
      for (const place of idPlaces(door)) {
        for (const id of Object.values(two.theirs)) {
          const [foreign, unknown] = [
            await knock(two, { door, place, id }),
            await knock(two, { door, place, id: unknownLike(id) }),
          ]
          if (foreign !== unknown) differences.push({ door: door.name, at: place.path.join('.'), id, foreign, unknown })
        }
      }
    }
    expect(differences).toEqual([])
    expect(await fingerprint(house, two.theirs.organization)).toEqual(before)
  })

  nestedIdCases(() => two)

  test('nothing of another organisation is in any list, search or walk, with whatever cursor', async () => {
    const cursors = await theirCursors(two)
    const seen: string[] = []
    const closed: string[] = []
    for (const door of doors.filter(({ kind }) => kind === 'query')) {
      for (const after of [null, ...cursors]) {
        const asked = listPlaces(door).flatMap(({ path }) => {
          if (path[0] === 'after') return [{ path, value: after }]
          return path[0] === 'search' || path[0] === 'query' ? [{ path, value: `${theirWord} 6A12345678901` }] : []
        })
        const { data, errors } = await two.we.answer(
          door.document,
          toVariables([...requiredValues(door, two.ours), ...asked]),
        )
        // A question that is refused before it is asked shows nothing of what its answer would.
        if (data === undefined) closed.push(`${door.name}: ${errors?.[0]?.message}`)
        seen.push(JSON.stringify({ data, errors }))
      }
    }
    expect(closed).toEqual([])
    expect(two.leaksIn(seen)).toEqual([])
  })

  test('subscriptions to another organisation end as not found, and open ones bring only our own', async () => {
    const socket = two.we.socket()
    const events: string[] = []
    for (const door of doors.filter(({ kind }) => kind === 'subscription')) {
      const ids = idPlaces(door).length > 0 ? Object.values(two.theirs) : ['none']
      for (const id of ids)
        events.push(
          ...(await listen(socket, { query: door.document, variables: subscriptionVariables(door, two, id) })),
        )
    }
    expect(events.some((event) => event.includes('NOT_FOUND'))).toBe(true)
    expect(events.some((event) => event.includes(two.ours.document))).toBe(true)
    expect(two.leaksIn(events)).toEqual([])
    await socket.dispose()
  })

  test('who has no token gets nothing but the doors to log in', async () => {
    const told: Record<string, unknown> = {}
    for (const door of doors.filter(({ kind }) => kind !== 'subscription')) {
      const { data, errors } = await two.nobody.answer<Record<string, { __typename: string } | null>>(
        door.document,
        toVariables(requiredValues(door, two.ours)),
      )
      told[door.name] = errors?.[0]?.extensions?.code ?? data?.[door.name]?.__typename ?? null
    }
    // Whether accounts are opened here is for whoever has none to know.
    const { viewer, invitation, isSignUpOpen, signUp: _signUp, ...rest } = told
    const { logIn, refreshSession, requestPasswordReset, resetPassword, acceptInvitation, ...others } = rest
    // A workflow reports by the key of its run, and by nothing else.
    const { reportWorkflowProgress, completeWorkflowRun, openClientLink, ...closed } = others
    const entries = { logIn, refreshSession, requestPasswordReset, resetPassword, acceptInvitation, openClientLink }
    const open = { viewer, invitation, isSignUpOpen, ...entries, reportWorkflowProgress, completeWorkflowRun }
    expect(open).toEqual({
      viewer: null,
      invitation: null,
      isSignUpOpen: null,
      acceptInvitation: 'LinkInvalid',
      openClientLink: 'LinkInvalid',
      logIn: 'InvalidCredentials',
      refreshSession: 'InvalidCredentials',
      requestPasswordReset: 'PasswordResetRequested',
      resetPassword: 'LinkInvalid',
      reportWorkflowProgress: 'NotFound',
      completeWorkflowRun: 'NotFound',
    })
    expect(
      Object.entries(closed).filter(([, answer]) => answer !== 'UNAUTHENTICATED' && answer !== 'NotAllowed'),
    ).toEqual([])
    const socket = two.nobody.socket()
    for (const door of doors.filter(({ kind }) => kind === 'subscription')) {
      const events = await listen(socket, {
        query: door.document,
        variables: toVariables(requiredValues(door, two.ours)),
      })
      expect([door.name, events.length, /UNAUTHENTICATED|NotAllowed/.test(events[0] ?? '')]).toEqual([
        door.name,
        1,
        true,
      ])
    }
    await socket.dispose()
  })

  test('what subgraphs ask each other nobody else can ask', async () => {
    const id = two.theirs.document
    const questions = [
      '{ _service { sdl } }',
      `{ _entities(representations: [{ __typename: "Document", id: "${id}" }]) { ... on Document { title } } }`,
      `{ _entities(representations: [{ __typename: "Shipment", id: "${two.theirs.shipment}" }]) { ... on Shipment { linkKeys } } }`,
      `{ shipment(id: "${two.ours.shipment}") { linkKeys } }`,
    ]
    for (const question of questions) {
      const { data, errors } = await two.we.answer(question)
      expect([question, data, errors?.[0]?.extensions?.code]).toEqual([
        question,
        undefined,
        'GRAPHQL_VALIDATION_FAILED',
      ])
    }
  })
}

function idPlaces(door: Door): Place[] {
  return listPlaces(door).filter(({ type }) => type === 'ID')
}

/** The answer as text, without what differs between two answers to the same question: made ids, times, and the id that was asked for. */
async function knock(
  { we, ours }: TwoOrganizations,
  { door, place, id }: { door: Door; place: Place; id: string },
): Promise<string> {
  const { data, errors } = await we.answer(door.document, variablesWith(door, ours, { place, value: id }))
  if (data === undefined) throw new Error(`${door.name} was refused before it was asked: ${errors?.[0]?.message}`)
  return JSON.stringify({ data, errors })
    .replaceAll(id, '<asked>')
    .replaceAll(/\b[a-z]{3}_[0-9a-f]{32}\b/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/token=[\w.-]+/g, '<token>')
}

function unknownLike(id: string): string {
  return id.replaceAll(/[0-9a-f]{20}\b/g, 'f'.repeat(20)).replace(/^ent_.*/, `ent_${'z'.repeat(26)}`)
}

function subscriptionVariables(door: Door, { ours }: TwoOrganizations, id: string): Record<string, unknown> {
  const ids = idPlaces(door).map(({ path }) => ({ path, value: id }))
  const cursors = listPlaces(door).flatMap(({ path }) => (path[0] === 'after' ? [{ path, value: '0' }] : []))
  return toVariables([...requiredValues(door, ours), ...ids, ...cursors])
}

async function theirCursors({ they }: TwoOrganizations): Promise<string[]> {
  const list = 'pageInfo { endCursor }'
  const data = await they.ask<Record<string, { pageInfo: { endCursor: string | null } }>>(
    `{ documents { ${list} } collections { ${list} } shipments { ${list} } clients { ${list} } properties { ${list} } bookings { ${list} } serviceRequests { ${list} } entities { ${list} } conversations { ${list} } handOvers { ${list} } search(query: "${theirWord}") { ${list} } }`,
  )
  return Object.values(data).flatMap(({ pageInfo }) => pageInfo.endCursor ?? [])
}

/** What comes within half a second, errors included. */
async function listen(
  socket: Client,
  payload: { query: string; variables: Record<string, unknown> },
): Promise<string[]> {
  const events: string[] = []
  const ended = Promise.withResolvers<void>()
  const stop = socket.subscribe(payload, {
    next: (event) => events.push(JSON.stringify(event)),
    error: (error) => ended.resolve(void events.push(JSON.stringify(error))),
    complete: () => ended.resolve(),
  })
  await Promise.race([ended.promise, new Promise((resolve) => setTimeout(resolve, 500))])
  stop()
  return events
}
