import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'
import { expect, test } from 'vitest'
import { root } from '../checks.ts'

interface Place {
  name: string
  description?: string | null | undefined
}

/** Everything of a schema that a reader may look up, by its path. */
function places(schema: GraphQLSchema): Place[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type))
    .flatMap(placesOf)
}

function placesOf(type: GraphQLNamedType): Place[] {
  const own = { name: type.name, description: type.description }
  const under = (parent: string, { name, description }: Place): Place => ({ name: `${parent}.${name}`, description })
  if (isEnumType(type)) return [own, ...type.getValues().map((value) => under(type.name, value))]
  if (isInputObjectType(type)) return [own, ...Object.values(type.getFields()).map((field) => under(type.name, field))]
  if (!isObjectType(type) && !isInterfaceType(type)) return [own]
  const fields = Object.values(type.getFields())
  return [
    own,
    ...fields.flatMap((field) => [
      under(type.name, field),
      ...field.args.map((arg) => under(`${type.name}.${field.name}`, arg)),
    ]),
  ]
}

const undescribed = (schema: GraphQLSchema): string[] =>
  places(schema).flatMap(({ name, description }) => (description?.trim() ? [] : [name]))

test('a type, field, argument, enum value or input field without a word about it is found', () => {
  const schema = buildSchema(`
    type Query { parcel(id: ID!, state: State): Parcel }
    "What is sent." type Parcel { "Grams." weight: Int owner: String }
    enum State { "On its way." SENT LOST }
    input Create { weight: Int! }
  `)
  expect(undescribed(schema)).toEqual([
    'Query',
    'Query.parcel',
    'Query.parcel.id',
    'Query.parcel.state',
    'Parcel.owner',
    'State',
    'State.LOST',
    'Create',
    'Create.weight',
  ])
})

test('everything that the published schema shows is described', () => {
  const published = buildSchema(readFileSync(join(root, 'graph-schema/api.graphql'), 'utf8'))
  expect(undescribed(published)).toEqual([])
})
