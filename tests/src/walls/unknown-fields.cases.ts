import { beforeAll, expect, test } from 'vitest'
import { signUp, type ApiClient } from '../client.ts'
import type { Passerelle } from '../passerelle.ts'
import { listDoors, listPlaces, readApi, toVariables } from './doors.ts'
import { populate, type Population } from './population.ts'
import { requiredValues } from './two-organizations.ts'

/** What nobody may say of what they make or change, in the names that a careless server would take it by. */
const unasked: Record<string, unknown> = {
  organizationId: 'org_00000000000000000000000000000000',
  organization_id: 'org_00000000000000000000000000000000',
  createdBy: 'usr_00000000000000000000000000000000',
  userRoles: ['OWNER'],
  isAdmin: true,
  constructor: { prototype: { isAdmin: true } },
}

/** Inputs take what the schema names, and nothing beside it. */
export async function unknownFieldCases(house: Passerelle): Promise<void> {
  const doors = listDoors(await readApi(), 1).filter(({ kind }) => kind !== 'subscription')
  let client: ApiClient
  let ours: Population
  beforeAll(async () => {
    client = await signUp(house.url)
    ours = await populate(client, 'surplus')
  })

  test('an input with a field that the schema does not name is refused before anything runs', async () => {
    const told: [string, string | undefined][] = []
    for (const door of doors) {
      const inputs = new Set(
        listPlaces(door).flatMap(({ path }) => (typeof path[1] === 'string' ? [String(path[0])] : [])),
      )
      for (const input of inputs)
        for (const [name, value] of Object.entries(unasked)) {
          const variables = toVariables([...requiredValues(door, ours), { path: [input, name], value }])
          const { data, errors } = await client.answer(door.document, variables)
          told.push([`${door.name} ${input}.${name}`, data === undefined ? errors?.[0]?.extensions?.code : 'ran'])
        }
    }
    expect(told.length).toBeGreaterThan(100)
    expect(told.filter(([, code]) => code !== 'BAD_USER_INPUT')).toEqual([])
  })

  test('what is proposed holds what its kind names, and nothing beside it', async () => {
    for (const [name, value] of Object.entries(unasked)) {
      const { proposeAction } = await client.ask<{ proposeAction: { __typename: string } }>(
        `mutation ($payload: JSON!) { proposeAction(kind: "DOCUMENT_DELETION", payload: $payload) { __typename } }`,
        { payload: { documentId: ours.document, [name]: value } },
      )
      expect([name, proposeAction.__typename]).toEqual([name, 'InvalidInput'])
    }
  })
}
