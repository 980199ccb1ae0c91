import { isTree, type Tree } from './tree.ts'
import type { ObjectShape, ValueShape } from './shape.ts'

export type Path = (string | number)[]

/** A required value is missing; the nearest nullable place around it becomes null. */
const lost = Symbol('a required value is missing')

/**
 * Gives what the plan gathered the form the client asked for: its order, its names, nothing more, and null where something required is
 * missing. `onMissing` hears of every required value that is not there, with the place of it.
 */
export function complete(
  data: Tree,
  shape: ObjectShape,
  onMissing: (path: Path, coordinate: string) => void,
): Tree | null {
  const completed = completeObject(data, shape, { path: [], onMissing })
  return completed === lost ? null : completed
}

interface Place {
  /** Where we stand; grows and shrinks with the walk. */
  path: Path
  onMissing(path: Path, coordinate: string): void
}

function completeObject(data: Tree, { typename, fields }: ObjectShape, place: Place): Tree | typeof lost {
  const out: Tree = {}
  for (const field of fields) {
    const shape = field.value
    if (shape.kind === 'typename') {
      out[field.key] = typename
      continue
    }
    place.path.push(field.key)
    const value = completeValue(data[field.source], shape, place)
    place.path.pop()
    if (value === lost) return lost
    out[field.key] = value
  }
  return out
}

function completeValue(value: unknown, shape: ValueShape, place: Place): unknown {
  if (value === undefined || value === null) {
    if (shape.nullable) return null
    place.onMissing([...place.path], shape.coordinate)
    return lost
  }
  const completed = completePresent(value, shape, place)
  return completed === lost && shape.nullable ? null : completed
}

function completePresent(value: unknown, shape: ValueShape, place: Place): unknown {
  switch (shape.kind) {
    case 'leaf':
      return shape.members === null || shape.members.has(String(value)) ? value : lost
    case 'list':
      return Array.isArray(value) ? completeList(value, shape.items, place) : lost
    case 'object': {
      if (!isTree(value)) return lost
      const selection = shape.selectionOf(value.__typename)
      return selection === null ? lost : completeObject(value, selection, place)
    }
    case 'typename':
      return value
  }
}

function completeList(values: readonly unknown[], items: ValueShape, place: Place): unknown[] | typeof lost {
  const out: unknown[] = []
  for (let index = 0; index < values.length; index++) {
    place.path.push(index)
    const item = completeValue(values[index], items, place)
    place.path.pop()
    if (item === lost) return lost
    out.push(item)
  }
  return out
}
