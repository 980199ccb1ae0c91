/** A piece of an answer: response keys to values. */
export type Tree = Record<string, unknown>

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Lays what a fetch brought over what is already there. The first place that receives a value may own it; every further place needs a
 * copy, because later fetches write different fields into each of them.
 */
export function mergeTree(target: Tree, source: Tree, owns: boolean): void {
  for (const key in source) {
    const next = source[key]
    const present = target[key]
    if (present === undefined || present === null) target[key] = owns ? next : copyOf(next)
    else if (Array.isArray(present)) mergeList(present, next, owns)
    else if (isTree(present)) {
      if (isTree(next)) mergeTree(present, next, owns)
    } else if (next !== null) target[key] = next
  }
}

function mergeList(target: unknown[], source: unknown, owns: boolean): void {
  if (!Array.isArray(source)) return
  for (const [index, next] of source.entries()) {
    const present = target[index]
    if (isTree(present) && isTree(next)) mergeTree(present, next, owns)
    else if (Array.isArray(present)) mergeList(present, next, owns)
    else if (present === undefined || present === null) target[index] = owns ? next : copyOf(next)
  }
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyOf)
  if (!isTree(value)) return value
  const copy: Tree = {}
  for (const key in value) copy[key] = copyOf(value[key])
  return copy
}
