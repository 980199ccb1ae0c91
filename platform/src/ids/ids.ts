import { uuidv7 } from 'uuidv7'

/** A new opaque id: the type's prefix, then a UUIDv7 without dashes, so that ids of one type sort by creation. */
export function newId(prefix: string): string {
  return `${prefix}_${uuidv7().replaceAll('-', '')}`
}
