import { expect, it } from 'vitest'
import { effectScope, ref } from 'vue'
import { GraphPathDocument, NeighbourhoodDocument } from '@/gql/graphql'
import { openBrowser } from '@/testing/browser'
import { holdBack, settle } from '@/testing/hold-back'
import type { GraphFilter } from './filter'

const named = (id: unknown) => ({ id, name: String(id) })
openBrowser({
  'Query.neighbourhood': (_field, { id }) => ({ entities: [named(id), named(`beside ${id}`)], relations: [] }),
  'Query.path': (_field, { from, to }) => ({ entities: [named(from), named('between'), named(to)], steps: [] }),
})
const { useGraph } = await import('./useGraph')
const [neighbourhoods, paths] = [holdBack(NeighbourhoodDocument), holdBack(GraphPathDocument)]

async function open(from: string, end = '') {
  const { apollo } = await import('@/api/client')
  await apollo.clearStore()
  neighbourhoods.length = paths.length = 0
  const [chosen, to, depth] = [ref(from), ref(end), ref(1)]
  const filter = ref<GraphFilter>({ types: [], relations: [], since: '', until: '' })
  const graph = effectScope().run(() => useGraph({ chosen, to, depth, filter }))
  if (!graph) throw new Error('no scope')
  await settle()
  const drawn = () => [...graph.picture.value.entities.keys()]
  return { chosen, to, graph, drawn }
}

it('another start with the same end has a path of its own, and not the former one meanwhile', async () => {
  const { chosen, graph } = await open('a', 'z')
  await paths[0]?.answer()
  expect(graph.pathIds.value).toEqual(['a', 'between', 'z'])
  chosen.value = 'b'
  await settle()
  expect(graph.path.value).toBeUndefined()
  await paths[1]?.answer()
  expect(graph.pathIds.value).toEqual(['b', 'between', 'z'])
})

it('of two paths under way the last one asked for is shown, whichever comes last', async () => {
  const { chosen, graph } = await open('c', 'z')
  chosen.value = 'd'
  await settle()
  await paths[1]?.answer()
  await paths[0]?.answer()
  expect(graph.pathIds.value).toEqual(['d', 'between', 'z'])
})

it('a path stays drawn when the neighbours of its start come after it', async () => {
  const { drawn } = await open('e', 'z')
  await paths[0]?.answer()
  await neighbourhoods[0]?.answer()
  expect(drawn().toSorted()).toEqual(['beside e', 'between', 'e', 'z'])
})

it('nothing is drawn of an entity that was left before its neighbours came', async () => {
  const { chosen, drawn, graph } = await open('f')
  chosen.value = ''
  await settle()
  expect(graph.loading.value).toBe(false)
  await neighbourhoods[0]?.answer()
  expect(drawn()).toEqual([])
})
