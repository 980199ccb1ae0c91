import {
  getNamedType,
  isCompositeType,
  isEnumType,
  isObjectType,
  isUnionType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql'

/** Numbers in [0, 1) that are the same on every run for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

interface Writing {
  schema: GraphQLSchema
  random: () => number
  without: ReadonlySet<string>
}

/**
 * Writes a query that exercises aliases (also those that equal other fields), fragments, conditions ($yes, $no), arguments and abstract types.
 * It is usually valid; whoever uses it validates it.
 */
export function writeQuery({
  schema,
  random,
  without = new Set(),
}: {
  schema: GraphQLSchema
  random: () => number
  without?: Set<string>
}): string {
  const root = schema.getQueryType()
  if (!root) throw new Error('The schema has no queries.')
  const body = selection({ schema, random, without }, root, 5)
  const fragments = [...new Set(body.match(/F_\w+/g) ?? [])].map((name) => {
    const type = name.slice(2)
    return `fragment ${name} on ${type} { ${leaves(schema, type)} }`
  })
  return `query($yes: Boolean!, $no: Boolean!) { ${body} keep: __typename @include(if: $yes) unused: __typename @skip(if: $no) }\n${fragments.join('\n')}`
}

function leaves(schema: GraphQLSchema, typeName: string): string {
  const type = schema.getType(typeName)
  const fields = isObjectType(type) ? Object.values(type.getFields()) : []
  return [
    '__typename',
    ...fields
      .filter(
        (field) => !isCompositeType(getNamedType(field.type)) && field.args.length === 0 && field.name !== 'secret',
      )
      .map(({ name }) => name),
  ]
    .slice(0, 3)
    .join(' ')
}

function selection(writing: Writing, type: GraphQLNamedType, depth: number): string {
  const { schema, random } = writing
  const parts: string[] = random() < 0.3 ? ['__typename'] : []
  if ('getFields' in type && !('parseValue' in type)) {
    for (const field of Object.values(type.getFields()) as GraphQLField<unknown, unknown>[]) {
      if (writing.without.has(field.name)) continue
      const composite = isCompositeType(getNamedType(field.type))
      if (random() < (composite ? (depth > 0 ? 0.28 : 0) : 0.45)) parts.push(fieldText(writing, field, depth))
    }
    if (isObjectType(type) && random() < 0.15 && type.name !== 'Query') parts.push(`...F_${type.name}`)
    if (random() < 0.15)
      parts.push(`... @include(if: ${random() < 0.5 ? '$yes' : '$no'}) { ${selection(writing, type, depth - 1)} }`)
  }
  if (isUnionType(type) || (!isObjectType(type) && 'getInterfaces' in type)) {
    for (const member of schema.getPossibleTypes(type)) {
      if (random() < 0.7) parts.push(`... on ${member.name} { ${selection(writing, member, depth - 1)} }`)
    }
  }
  return parts.length > 0 ? parts.join(' ') : '__typename'
}

function fieldText(writing: Writing, field: GraphQLField<unknown, unknown>, depth: number): string {
  const { random } = writing
  const type = getNamedType(field.type)
  const given = field.args.flatMap((arg) => argument(arg.name, getNamedType(arg.type), random))
  const aliases = ['id', 'name', 'label', 'linkKeys', 'a', 'b', 'c', '_x']
  const alias = random() < 0.12 ? `${aliases[Math.floor(random() * aliases.length)]}: ` : ''
  const condition = random() < 0.08 ? ` @skip(if: ${random() < 0.5 ? '$yes' : '$no'})` : ''
  const inner = isCompositeType(type) ? ` { ${selection(writing, type, depth - 1)} }` : ''
  return `${alias}${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${condition}${inner}`
}

function argument(name: string, type: GraphQLNamedType, random: () => number): string[] {
  if (name === 'id') return [`id: "${'updc'[Math.floor(random() * 4)]}${1 + Math.floor(random() * 9)}"`]
  if (random() < 0.5) return []
  if (name === 'first') return [`first: ${Math.floor(random() * 4)}`]
  if (isEnumType(type)) return [`${name}: ${type.getValues()[0]?.name}`]
  return name === 'upper' ? [`upper: ${random() < 0.5}`] : []
}
