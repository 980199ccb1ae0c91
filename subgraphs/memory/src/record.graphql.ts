import { recordEntityId, recordTypes, type RecordKind } from '@passerelle/platform/records'
import { requireScope } from '@passerelle/platform/schema'
import { builder } from './builder.ts'
import { EntityRef } from './entity.graphql.ts'
import type { Entity } from './entity.store.ts'

/** A record of another subgraph: its type and id are all the graph knows. */
interface RecordStub {
  type: string
  id: string
}

const stubs = Object.entries(recordTypes).map(([kind, name]) => toStub(kind as RecordKind, name))

export const EntityRecord = builder.unionType('EntityRecord', {
  description: 'The operational record behind an entity.',
  types: stubs,
  resolveType: (record) => record.type,
})

builder.objectField(EntityRef, 'record', (t) =>
  t.field({
    description: 'The operational record behind a RECORD entity.',
    type: EntityRecord,
    nullable: true,
    resolve: toRecordStub,
  }),
)

/** The record behind an entity; null when there is none. */
export function toRecordStub(entity: Pick<Entity, 'recordType' | 'recordId'> | null): RecordStub | null {
  return entity?.recordType && entity.recordId ? { type: entity.recordType, id: entity.recordId } : null
}

function toStub(kind: RecordKind, name: string) {
  return builder
    .externalRef<ReturnType<typeof builder.selection<{ id: string }>>, RecordStub>(
      name,
      builder.selection<{ id: string }>('id'),
    )
    .implement({
      externalFields: (t) => ({ id: t.id() }),
      fields: (t) => ({
        entity: t.field({
          description: 'What the knowledge graph knows it as; null until it does.',
          type: EntityRef,
          nullable: true,
          resolve: ({ id }, _args, context) =>
            context.entities.load(recordEntityId(requireScope(context, 'graph:read').organizationId, { kind, id })),
        }),
      }),
    })
}
