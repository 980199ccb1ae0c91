import { describe, expect, it } from 'vitest'
import type { EntityRowFragment } from '@/gql/graphql'
import { addNeighbourhood, emptyPicture, linksOf, pictureLimit } from './picture'

const entity = (id: string): EntityRowFragment => ({ id, name: `Nom ${id}`, type: 'ORGANIZATION', kind: null })
const relation = (from: string, to: string) => ({ from, to, type: 'RELATED_TO', weight: 1 })

describe('the picture of the graph', () => {
  it('grows with each neighbourhood and draws nothing twice', () => {
    const first = addNeighbourhood(emptyPicture, {
      entities: [entity('a'), entity('b')],
      relations: [relation('a', 'b')],
      truncated: false,
    })
    const both = addNeighbourhood(first, {
      entities: [entity('b'), entity('c')],
      relations: [relation('a', 'b'), relation('b', 'c')],
      truncated: false,
    })
    expect([...both.entities.keys()]).toEqual(['a', 'b', 'c'])
    expect(both.relations).toHaveLength(2)
    expect(both.truncated).toBe(false)
  })

  it('stops at its limit, says so, and draws no line to what is missing', () => {
    const many = Array.from({ length: pictureLimit + 1 }, (_, index) => entity(`e${index}`))
    const picture = addNeighbourhood(emptyPicture, {
      entities: many,
      relations: [relation('e0', `e${pictureLimit}`)],
      truncated: false,
    })
    expect(picture.entities.size).toBe(pictureLimit)
    expect(picture.relations).toEqual([])
    expect(picture.truncated).toBe(true)
  })

  it('lists the links of an entity in both directions, by name', () => {
    const picture = addNeighbourhood(emptyPicture, {
      entities: [entity('c'), entity('b'), entity('a')],
      relations: [relation('c', 'a'), relation('a', 'b')],
      truncated: false,
    })
    expect(linksOf(picture, 'a').map((link) => link.entity.id)).toEqual(['b', 'c'])
  })
})
