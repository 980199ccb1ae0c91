import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ApiClient } from '../client.ts'
import { askDatabase } from '../inside.ts'
import type { Passerelle } from '../passerelle.ts'
import { isSigned, type Received } from './receiver.ts'
import { killAt, settle } from './rounds.ts'
import { openWorkflow, type Order, type Workflow } from './workflow.ts'

const runsAtOnce = 4

/** Runs that are being started, worked on and completed while the house is killed. */
export function runCases(house: Passerelle): void {
  let workflow: Workflow
  beforeAll(async () => void (workflow = await openWorkflow(house)))
  afterAll(() => workflow.close())

  test.each(['CALLBACK', 'ANSWER'] as const)(
    'whenever everything is killed, a run that is asked for again and again is one run, begun once, with its result (by %s)',
    async (completion) => {
      const { receiver, begun, takeAndAnswer, takeAndReport, takeAndStay, heard } = workflow
      const person = await settle(house)
      const { endpointId, secret } = await makeEndpoint(person.here(), { url: receiver.url, completion })
      const start = (number: number): Promise<string> => startRun(person.here(), { endpointId, number })
      const take = completion === 'CALLBACK' ? takeAndReport : takeAndAnswer
      const stay = completion === 'CALLBACK' ? () => null : takeAndStay
      const before = { begun: begun.length, received: receiver.received.length }
      const wanted: number[] = []
      await killAt(house, {
        moments: [
          () => (completion === 'CALLBACK' ? receiver.next('asked', 2) : heard()),
          () => receiver.next('answered'),
          () => (completion === 'CALLBACK' ? heard() : receiver.next('answered', 2)),
          (going) => Promise.any(going),
        ],
        begin(round) {
          receiver.answer = round % 4 === 0 ? stay : take
          const numbers = Array.from({ length: runsAtOnce }, (_, index) => round * runsAtOnce + index)
          wanted.push(...numbers)
          return numbers.map(start)
        },
        recover: () => void (receiver.answer = take),
      })
      const ids = await Promise.all(wanted.map(start))
      const runs = () => listRuns(house, person.organizationId)
      await expect
        .poll(async () => (await runs()).filter(({ state }) => state !== 'DONE'), { timeout: 180_000 })
        .toEqual([])
      expect(await runs()).toEqual(
        wanted.map((number, index) => ({
          id: ids[index],
          number,
          state: 'DONE',
          square: number ** 2,
          starts: 1,
          ends: 1,
        })),
      )
      expect(begun.slice(before.begun).sort((one, other) => one - other)).toEqual(wanted)
      expectOneOrderEach(receiver.received.slice(before.received), { ids, secret })
    },
  )
}

async function makeEndpoint(
  client: ApiClient,
  input: { url: string; completion: 'CALLBACK' | 'ANSWER' },
): Promise<{ endpointId: string; secret: string }> {
  const { made } = await client.ask<{ made: { secret: string; endpoint: { id: string } } }>(
    `mutation ($input: CreateWorkflowEndpointInput!) { made: createWorkflowEndpoint(input: $input) { ... on WorkflowEndpointSecret { secret endpoint { id } } } }`,
    { input: { ...input, name: 'Carrés' } },
  )
  return { endpointId: made.endpoint.id, secret: made.secret }
}

async function startRun(
  client: ApiClient,
  { endpointId, number }: { endpointId: string; number: number },
): Promise<string> {
  const { run } = await client.ask<{ run: { id: string } }>(
    `mutation ($input: StartWorkflowRunInput!) { run: startWorkflowRun(input: $input) { ... on WorkflowRun { id } } }`,
    { input: { endpointId, requestId: String(number), input: { number } } },
  )
  return run.id
}

/** The runs that there are, by their request; how often each was audited as started, and told of as done. */
function listRuns(house: Passerelle, organizationId: string): Promise<{ id: string; state: string }[]> {
  return askDatabase(
    house,
    `select id, request_id::int as number, state, (result ->> 'square')::int as square,
       (select count(*)::int from platform.audit_entry where subject_id = run.id and action = 'workflow_run.started') as starts,
       (select count(*)::int from platform.fact where organization_id = $1 and payload ->> 'id' = run.id and payload ->> 'state' = 'DONE') as ends
     from tenancy.workflow_run as run where organization_id = $1 order by 2`,
    [organizationId],
  )
}

/** However often a run was asked for, it was with the same id, the same words and the same key. */
function expectOneOrderEach(
  received: readonly Received[],
  { ids, secret }: { ids: readonly string[]; secret: string },
): void {
  const copies = Map.groupBy(received, ({ id }) => id)
  expect([...copies.keys()].sort()).toEqual(ids.toSorted())
  for (const [id, same] of copies) {
    expect(new Set(same.map(({ body }) => body)).size).toBe(1)
    expect((JSON.parse(same[0]?.body ?? '') as Order).runId).toBe(id)
    expect(same.every((each) => isSigned(each, secret))).toBe(true)
  }
  // Those that a kill cut short were asked for again.
  expect(received.length).toBeGreaterThan(ids.length)
}
