import {
  type Data,
  Field,
  FixedSizeList,
  Float32,
  Float64,
  Schema,
  Table as ArrowTable,
  Utf8,
  makeData,
  makeVector,
  vectorFromArray,
} from 'apache-arrow'
import type { Point } from './vectors.ts'

export type DensePoint = Omit<Point, 'dense'> & { vector: readonly number[] }

/** The columns of a table whose vectors have so many dimensions. */
export function schemaOf(dimensions: number): Schema {
  return new Schema([
    new Field('id', new Utf8(), false),
    new Field('document_id', new Utf8(), false),
    new Field('content_type', new Utf8(), false),
    new Field('kind', new Utf8(), true),
    new Field('created_at', new Float64(), false),
    new Field('vector', vectorType(dimensions), false),
  ])
}

function vectorType(dimensions: number): FixedSizeList<Float32> {
  return new FixedSizeList(dimensions, new Field('item', new Float32(), true))
}

/** Points as rows. The columns are made directly: the library's own conversion of row objects takes ten times as long on the event loop. */
export function toArrow(points: readonly DensePoint[], dimensions: number): ArrowTable {
  const values = new Float32Array(points.length * dimensions)
  for (const [index, { vector }] of points.entries()) values.set(vector, index * dimensions)
  const child: Data<Float32> = makeData({ type: new Float32(), length: values.length, data: values })
  const text = (list: readonly (string | null)[]) => vectorFromArray(list, new Utf8())
  const createdAt = Float64Array.from(points, (point) => point.createdAt.getTime())
  return new ArrowTable(schemaOf(dimensions), {
    id: text(points.map(({ id }) => id)),
    document_id: text(points.map(({ documentId }) => documentId)),
    content_type: text(points.map(({ contentType }) => contentType)),
    kind: text(points.map(({ kind }) => kind)),
    created_at: makeVector(makeData({ type: new Float64(), length: points.length, data: createdAt })),
    vector: makeVector(makeData({ type: vectorType(dimensions), length: points.length, nullCount: 0, child })),
  })
}
