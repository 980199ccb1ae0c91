import {
  Kind,
  TypeInfo,
  getNamedType,
  isAbstractType,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type NameNode,
  type SelectionSetNode,
} from 'graphql'
import type { Supergraph } from './supergraph.ts'

const prefix = 'as_'

/**
 * The document as the planner gets it. A client may call one field by the name of another (`{ user { id: name } }`): between subgraphs
 * that would put a name where a key is expected, so such aliases, and those of the planner's own namespace, get a name apart while the
 * plan runs. And where a type is open, the answer has to say which one it is.
 */
export function toPlanDocument(document: DocumentNode, { apiSchema, fieldNames }: Supergraph): DocumentNode {
  const typeInfo = new TypeInfo(apiSchema)
  return visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: {
        leave(node): FieldNode {
          const key = planKey({ alias: node.alias?.value, name: node.name.value, fieldNames })
          const alias: NameNode | undefined = key === node.name.value ? undefined : { kind: Kind.NAME, value: key }
          const type = getNamedType(typeInfo.getType())
          const selectionSet =
            node.selectionSet && isAbstractType(type) ? withTypename(node.selectionSet) : node.selectionSet
          return { ...node, alias, selectionSet }
        },
      },
    }),
  )
}

function withTypename(selectionSet: SelectionSetNode): SelectionSetNode {
  const typename: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } }
  return { ...selectionSet, selections: [typename, ...selectionSet.selections] }
}

/** The key under which a field's value stands while the plan runs. */
export function planKey({
  alias,
  name,
  fieldNames,
}: {
  alias: string | undefined
  name: string
  fieldNames: ReadonlySet<string>
}): string {
  return safeAlias(alias, name, fieldNames) ?? name
}

/** Every key that stands for a field of the document while the plan runs, with the client's own name for it. */
export function clientKeysOf(document: DocumentNode, fieldNames: ReadonlySet<string>): ReadonlyMap<string, string> {
  const keys = new Map<string, string>()
  visit(document, {
    Field({ alias, name }) {
      keys.set(planKey({ alias: alias?.value, name: name.value, fieldNames }), alias?.value ?? name.value)
    },
  })
  return keys
}

function safeAlias(alias: string | undefined, name: string, fieldNames: ReadonlySet<string>): string | undefined {
  if (alias === undefined || alias === name) return alias
  return fieldNames.has(alias) || alias.startsWith('_') || alias.startsWith(prefix) ? prefix + alias : alias
}
