import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('../../', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8')

/** Published migrations with their hashes, in the form of `sha256sum`. A line is added with its migration and never changed. */
const published = new Map(
  read('tools/migrations/published.sum')
    .split('\n')
    .filter(Boolean)
    .map((line) => [line.slice(66), line.slice(0, 64)] as const),
)
const present = new Map(
  globSync(['platform/migrations/*.sql', 'subgraphs/*/migrations/*.sql'], { cwd: root })
    .sort()
    .map((path) => [path, createHash('sha256').update(read(path)).digest('hex')] as const),
)

test('a published migration is never edited or removed', () => {
  expect([...published].filter(([path, hash]) => present.get(path) !== hash).map(([path]) => path)).toEqual([])
})

test('every migration is published: its line stands in tools/migrations/published.sum', () => {
  expect([...present].filter(([path]) => !published.has(path)).map(([path, hash]) => `${hash}  ${path}`)).toEqual([])
})

test('the migrations of a room are numbered without gaps, so that two branches cannot add the same one unseen', () => {
  const rooms = Map.groupBy(present.keys(), (path) => path.slice(0, path.lastIndexOf('/')))
  for (const [room, paths] of rooms) {
    expect([room, paths.map((path) => Number(path.slice(room.length + 1, room.length + 5)))]).toEqual([
      room,
      paths.map((_, index) => index + 1),
    ])
  }
})
