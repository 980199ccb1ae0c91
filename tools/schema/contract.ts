import {
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isSpecifiedScalarType,
  isUnionType,
  type GraphQLEnumType,
  type GraphQLField,
  type GraphQLInputObjectType,
  type GraphQLInterfaceType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

/**
 * Says where a published schema departs from the contract. It may add fields, optional arguments and input fields, union members and
 * types; what the contract spells out is there as it is written: names, types and nullability, arguments, members, enum values. Empty when
 * the contract is kept.
 */
export function departuresFrom(contract: GraphQLSchema, published: GraphQLSchema): string[] {
  return Object.values(contract.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__') || isSpecifiedScalarType(type)) return []
    const actual = published.getType(type.name)
    return actual ? departuresOfType(type, actual) : [`${type.name} is missing`]
  })
}

function departuresOfType(type: GraphQLNamedType, actual: GraphQLNamedType): string[] {
  if (type.constructor !== actual.constructor) return [`${type.name} is another kind of type`]
  if (isObjectType(type) && isObjectType(actual)) return departuresOfFields(type, actual)
  if (isInterfaceType(type) && isInterfaceType(actual)) return departuresOfFields(type, actual)
  if (isInputObjectType(type) && isInputObjectType(actual)) return departuresOfInput(type, actual)
  if (isEnumType(type) && isEnumType(actual)) return departuresOfEnum(type, actual)
  if (isUnionType(type) && isUnionType(actual)) {
    const members = new Set(actual.getTypes().map(({ name }) => name))
    return type.getTypes().flatMap(({ name }) => (members.has(name) ? [] : [`${type.name} has no member ${name}`]))
  }
  return []
}

type Fielded = GraphQLObjectType | GraphQLInterfaceType

function departuresOfFields(type: Fielded, actual: Fielded): string[] {
  const interfaces = new Set(actual.getInterfaces().map(({ name }) => name))
  const unimplemented = type.getInterfaces().filter(({ name }) => !interfaces.has(name))
  return [
    ...unimplemented.map(({ name }) => `${type.name} does not implement ${name}`),
    ...Object.values(type.getFields()).flatMap((field) => {
      const coordinate = `${type.name}.${field.name}`
      const found = actual.getFields()[field.name]
      return found ? departuresOfField(coordinate, field, found) : [`${coordinate} is missing`]
    }),
  ]
}

function departuresOfField(
  coordinate: string,
  field: GraphQLField<unknown, unknown>,
  actual: GraphQLField<unknown, unknown>,
): string[] {
  const departures = otherType(coordinate, field.type, actual.type)
  for (const argument of field.args) {
    const place = `${coordinate}(${argument.name}:)`
    const found = actual.args.find(({ name }) => name === argument.name)
    departures.push(...(found ? otherType(place, argument.type, found.type) : [`${place} is missing`]))
  }
  for (const argument of actual.args) {
    const isOurs = field.args.some(({ name }) => name === argument.name)
    if (!isOurs && isRequiredArgument(argument))
      departures.push(`${coordinate}(${argument.name}:) was added and is required`)
  }
  return departures
}

function departuresOfInput(type: GraphQLInputObjectType, actual: GraphQLInputObjectType): string[] {
  const added = Object.values(actual.getFields()).filter(({ name }) => !(name in type.getFields()))
  return [
    ...Object.values(type.getFields()).flatMap((field) => {
      const found = actual.getFields()[field.name]
      return found
        ? otherType(`${type.name}.${field.name}`, field.type, found.type)
        : [`${type.name}.${field.name} is missing`]
    }),
    ...added.filter(isRequiredInputField).map(({ name }) => `${type.name}.${name} was added and is required`),
  ]
}

function departuresOfEnum(type: GraphQLEnumType, actual: GraphQLEnumType): string[] {
  const wanted = type.getValues().map(({ name }) => name)
  const found = actual.getValues().map(({ name }) => name)
  return [
    ...wanted.filter((name) => !found.includes(name)).map((name) => `${type.name} has no value ${name}`),
    ...found
      .filter((name) => !wanted.includes(name))
      .map((name) => `${type.name} has a value ${name} that the contract has not`),
  ]
}

function otherType(place: string, type: unknown, actual: unknown): string[] {
  return String(type) === String(actual) ? [] : [`${place} is ${String(actual)}, the contract says ${String(type)}`]
}
