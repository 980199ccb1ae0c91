import { expect, it } from 'vitest'
import type { ServiceRequestPartsFragment } from '@/gql/graphql'
import { toDraft, toInput } from './request-draft'

const request: ServiceRequestPartsFragment = {
  id: 'req_1',
  kind: 'LINEN',
  title: 'Draps',
  description: 'Deux lits',
  urgency: 'HIGH',
  status: 'SCHEDULED',
  channel: 'PHONE',
  scheduledFor: '2026-12-01T08:30:00.000Z',
  createdAt: '2026-11-20T10:00:00.000Z',
  updatedAt: '2026-11-20T10:00:00.000Z',
  client: { id: 'cli_1', name: 'Anne' },
  property: null,
  assignee: null,
}

it('a request that is opened and saved again stays what it was', () => {
  expect(toInput(toDraft({ request }))).toEqual({
    kind: 'LINEN',
    title: 'Draps',
    description: 'Deux lits',
    clientId: 'cli_1',
    propertyId: null,
    urgency: 'HIGH',
    channel: 'PHONE',
    scheduledFor: '2026-12-01T08:30:00.000Z',
  })
})

it('what is emptied is sent as nothing', () => {
  const emptied = { ...toDraft({ request }), description: ' ', client: undefined, scheduledFor: '' }
  expect(toInput(emptied)).toMatchObject({ description: null, clientId: null, scheduledFor: null })
})

it('a new request begins with whom and where it is written down for', () => {
  const draft = toDraft({ property: { id: 'prp_1', name: 'Villa' } })
  expect(draft).toMatchObject({ property: { id: 'prp_1' }, client: undefined, urgency: 'NORMAL', channel: 'APP' })
})
