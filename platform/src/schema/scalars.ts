import { GraphQLError } from 'graphql'
import type { BaseContext } from '../subgraph/subgraph.ts'
import type { Builder } from './builder.ts'
import { cursorParts } from './cursor.ts'

/** DateTime (ISO 8601, always answered in UTC), Date (a day without a place or an hour) and JSON. */
export function addScalars<Context extends BaseContext>(builder: Builder<Context>): void {
  builder.scalarType('DateTime', {
    description: 'A moment, as ISO 8601 with its offset; answered in UTC with milliseconds.',
    serialize: (value) => value.toISOString(),
    parseValue: toDate,
  })
  builder.scalarType('Date', {
    description: 'A day of the calendar, such as `2026-11-20`, wherever it is meant: without an hour and a time zone.',
    serialize: (value) => value,
    parseValue: toDay,
  })
  builder.scalarType('JSON', {
    description: 'Any JSON value.',
    serialize: (value) => value,
    parseValue: (value) => value,
  })
}

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

function toDate(value: unknown): Date {
  const date = typeof value === 'string' && dateTime.test(value) ? new Date(value) : null
  if (!date || Number.isNaN(date.getTime())) throw noMoment()
  return date
}

function toDay(value: unknown): string {
  const day = cursorParts.day.safeParse(value)
  if (!day.success) throw noDay()
  return day.data
}

function noDay(): GraphQLError {
  return new GraphQLError('A Date is a day of the calendar, such as 2026-11-20.', {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}

/** Variables of scalars are first looked at here, behind the gateway: the code says that the fault is the client's. */
function noMoment(): GraphQLError {
  return new GraphQLError('A DateTime is an ISO 8601 moment with its offset, such as 2026-11-20T08:30:00Z.', {
    extensions: { code: 'BAD_USER_INPUT' },
  })
}
