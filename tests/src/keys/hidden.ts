import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'

/** A question for something that the callers of a contract do not see. */
export interface Hidden {
  what: string
  document: string
  /** How the message begins. */
  told: string
}

/** A question for everything of the API that is not in the contract. */
export function hiddenIn(api: GraphQLSchema, contract: GraphQLSchema): Hidden[] {
  return Object.values(api.getTypeMap()).flatMap((type) => {
    if (type.name.startsWith('__')) return []
    const known = contract.getType(type.name)
    return known ? hiddenOf(type, known) : [hiddenType(type.name)]
  })
}

function hiddenType(name: string): Hidden {
  return { what: name, document: `query ($value: ${name}) { viewer { scopes } }`, told: `Unknown type "${name}"` }
}

function hiddenOf(type: GraphQLNamedType, known: GraphQLNamedType): Hidden[] {
  if (isObjectType(type) && isObjectType(known)) return hiddenFields(type, known)
  if (isInputObjectType(type) && isInputObjectType(known))
    return Object.keys(type.getFields())
      .filter((name) => !(name in known.getFields()))
      .map((name) => ({
        what: `${type.name}.${name}`,
        document: `query ($value: ${type.name} = { ${name}: null }) { viewer { scopes } }`,
        told: `Field "${name}" is not defined by type "${type.name}".`,
      }))
  if (isEnumType(type) && isEnumType(known))
    return type
      .getValues()
      .filter(({ name }) => !known.getValue(name))
      .map(({ name }) => ({
        what: `${type.name}.${name}`,
        document: `query ($value: ${type.name} = ${name}) { viewer { scopes } }`,
        told: `Value "${name}" does not exist in "${type.name}" enum.`,
      }))
  return []
}

/** Of an object's fields and their arguments. */
function hiddenFields(type: GraphQLObjectType, known: GraphQLObjectType): Hidden[] {
  const root = { Query: 'query', Mutation: 'mutation', Subscription: 'subscription' }[type.name]
  return Object.values(type.getFields()).flatMap(({ name, args }) => {
    const field = known.getFields()[name]
    const place = (selection: string): string =>
      root
        ? `${root} { ${selection} }`
        : `query { viewer { scopes ...Hidden } } fragment Hidden on ${type.name} { ${selection} }`
    if (!field)
      return [
        {
          what: `${type.name}.${name}`,
          document: place(name),
          told: `Cannot query field "${name}" on type "${type.name}".`,
        },
      ]
    const lost = args.filter((arg) => !field.args.some((each) => each.name === arg.name))
    return lost.map((arg) => ({
      what: `${type.name}.${name}(${arg.name}:)`,
      document: place(
        `${name}(${arg.name}: null)${isCompositeType(getNamedType(field.type)) ? ' { __typename }' : ''}`,
      ),
      told: `Unknown argument "${arg.name}" on field "${type.name}.${name}".`,
    }))
  })
}

/** The names that a message offers instead of what was asked. */
export function suggestedIn(message: string): string[] {
  const [, offered = ''] = message.split('Did you mean')
  return [...offered.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name)
}

/** Every name that the contract holds. */
export function namesOf(schema: GraphQLSchema): ReadonlySet<string> {
  const names = new Set<string>()
  for (const type of Object.values(schema.getTypeMap())) {
    names.add(type.name)
    if (isEnumType(type)) for (const { name } of type.getValues()) names.add(name)
    if ('getFields' in type)
      for (const field of Object.values(type.getFields())) {
        names.add(field.name)
        if ('args' in field) for (const { name } of field.args) names.add(name)
      }
  }
  return names
}
