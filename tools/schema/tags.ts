import {
  Kind,
  parse,
  print,
  specifiedScalarTypes,
  visit,
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  type InterfaceTypeDefinitionNode,
  type ObjectTypeDefinitionNode,
  type TypeNode,
} from 'graphql'

type Tagged = { directives?: readonly ConstDirectiveNode[] | undefined }
type Fielded = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode

/**
 * Tags what a tagged field is made of, for each of the tags, so that a tag is written where something is decided and nowhere else: on fields and object
 * types. A field brings its arguments, their types, its scalars, enums and unions; an object of which anything is tagged brings its interfaces and their
 * fields. What it answers with is never brought along: of an object type callers see what is tagged itself. Whatever is written with tags already is left
 * as it is.
 */
export function spreadTags(subgraphs: ReadonlyMap<string, string>, tags: readonly string[]): Map<string, string> {
  const documents = new Map([...subgraphs].map(([name, sdl]) => [name, parse(sdl)]))
  const all = [...documents.values()].flatMap(({ definitions }) => definitions)
  const spreads = tags.map((tag) => spreadOf(tag, all))
  return new Map([...documents].map(([name, document]) => [name, `${print(put(document, spreads)).trim()}\n`]))
}

/** What one tag comes to. */
interface Spread {
  tag: string
  /** The names of the inputs, scalars, enums and unions that it brings along. */
  parts: ReadonlySet<string>
  isIn(type: Fielded, field: FieldDefinitionNode): boolean
}

function spreadOf(tag: string, all: readonly DefinitionNode[]): Spread {
  const fielded = all.filter(isFielded)
  const tagged = taggedTypes(fielded, tag)
  const interfaces = new Set(
    fielded
      .filter(({ name }) => tagged.has(name.value))
      .flatMap(({ interfaces: own = [] }) => own.map(({ name }) => name.value)),
  )
  const inherited = new Set(
    fielded
      .filter(({ name }) => interfaces.has(name.value))
      .flatMap(({ fields = [] }) => fields.map(({ name }) => name.value)),
  )
  const isIn = (type: Fielded, field: FieldDefinitionNode): boolean =>
    isTagged(type, tag) ||
    isTagged(field, tag) ||
    interfaces.has(type.name.value) ||
    (tagged.has(type.name.value) && (type.interfaces ?? []).length > 0 && inherited.has(field.name.value))
  const fields = fielded.flatMap((type) => (type.fields ?? []).filter((field) => isIn(type, field)))
  return { tag, isIn, parts: partsOf(fields, all) }
}

/** The types of which something is tagged, in whichever subgraph. */
function taggedTypes(types: readonly Fielded[], tag: string): ReadonlySet<string> {
  return new Set(
    types
      .filter((type) => isTagged(type, tag) || type.fields?.some((field) => isTagged(field, tag)))
      .map(({ name }) => name.value),
  )
}

/** The names of all inputs, scalars, enums and unions that fields are made of, through every input. */
function partsOf(fields: readonly FieldDefinitionNode[], all: readonly DefinitionNode[]): ReadonlySet<string> {
  const inputs = new Map<string, readonly InputValueDefinitionNode[]>()
  for (const each of all)
    if (each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION) inputs.set(each.name.value, each.fields ?? [])
  const parts = new Set<string>()
  const add = (name: string): void => {
    if (parts.has(name)) return
    parts.add(name)
    for (const field of inputs.get(name) ?? []) if (!hasTag(field)) add(nameOf(field.type))
  }
  for (const field of fields) {
    add(nameOf(field.type))
    for (const argument of field.arguments ?? []) if (!hasTag(argument)) add(nameOf(argument.type))
  }
  for (const { name } of specifiedScalarTypes) parts.delete(name)
  return parts
}

function put(document: DocumentNode, spreads: readonly Spread[]): DocumentNode {
  const tagsOfPart = (name: string): string[] => tagsWhere(spreads, ({ parts }) => parts.has(name))
  const ofParts = <Node extends Tagged & { name: { value: string } }>(node: Node): Node =>
    withTags(node, tagsOfPart(node.name.value))
  const ofFields = <Node extends Fielded>(type: Node): Node => ({
    ...type,
    fields: type.fields?.map((field) => {
      const tags = tagsWhere(spreads, ({ isIn }) => isIn(type, field))
      return { ...withTags(field, tags), arguments: field.arguments?.map((argument) => withTags(argument, tags)) }
    }),
  })
  return visit(document, {
    ObjectTypeDefinition: ofFields,
    InterfaceTypeDefinition: ofFields,
    InputObjectTypeDefinition: (type) => ({
      ...type,
      fields: type.fields?.map((field) => withTags(field, tagsOfPart(type.name.value))),
    }),
    EnumTypeDefinition: ofParts,
    UnionTypeDefinition: ofParts,
    ScalarTypeDefinition: ofParts,
  })
}

function tagsWhere(spreads: readonly Spread[], holds: (spread: Spread) => boolean): string[] {
  return spreads.filter(holds).map(({ tag }) => tag)
}

function withTags<Node extends Tagged>(node: Node, tags: readonly string[]): Node {
  return hasTag(node) ? node : { ...node, directives: [...(node.directives ?? []), ...tags.map(toDirective)] }
}

function toDirective(tag: string): ConstDirectiveNode {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: 'tag' },
    arguments: [
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'name' }, value: { kind: Kind.STRING, value: tag } },
    ],
  }
}

function hasTag({ directives = [] }: Tagged): boolean {
  return directives.some(({ name }) => name.value === 'tag')
}

function isTagged({ directives = [] }: Tagged, tag: string): boolean {
  return directives.some(
    ({ name, arguments: given = [] }) =>
      name.value === 'tag' && given.some(({ value }) => value.kind === Kind.STRING && value.value === tag),
  )
}

function isFielded(definition: DefinitionNode): definition is Fielded {
  return definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.INTERFACE_TYPE_DEFINITION
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type)
}
