import { parse, TypeInfo, visit, visitWithTypeInfo } from 'graphql'
import { expect, it } from 'vitest'
import { apiSchema, sentTexts } from '@/testing/sample-api'
import { createCache } from './cache'

interface List {
  typename: string
  fieldName: string
  filters: string[]
}

/** Every list that this application reads page by page, and what it is filtered by. */
function listsReadByPage(): Map<string, List> {
  const lists = new Map<string, List>()
  const types = new TypeInfo(apiSchema)
  for (const text of Object.values(sentTexts))
    visit(
      parse(text),
      visitWithTypeInfo(types, {
        Field({ name: { value: fieldName }, arguments: given = [] }) {
          const names = given.map(({ name }) => name.value)
          const typename = types.getParentType()?.name
          if (!typename || typename === 'Subscription' || !names.includes('after')) return
          const filters = names.filter((name) => name !== 'after' && name !== 'first')
          lists.set(`${typename}.${fieldName}(${filters.join()})`, { typename, fieldName, filters })
        },
      }),
    )
  return lists
}

const { policies } = createCache()
const lists = listsReadByPage()

it('finds the lists that are read page by page', () => {
  expect([...lists.keys()]).toEqual(expect.arrayContaining(['Query.clients(search)', 'Organization.members()']))
})

it.each([...lists])(
  'the next page of %s is added to what its filters found',
  (_name, { typename, fieldName, filters }) => {
    const nameOf = (args: Record<string, unknown>) => policies.getStoreFieldName({ typename, fieldName, args })
    const all = Object.fromEntries(filters.map((name) => [name, 'this']))
    expect(policies.getMergeFunction(typename, fieldName, undefined)).toBeTypeOf('function')
    expect(nameOf({ first: 20, ...all, after: 'next' })).toBe(nameOf({ first: 20, ...all }))
    for (const filter of filters)
      expect(nameOf({ first: 20, ...all, [filter]: 'that' }), filter).not.toBe(nameOf({ first: 20, ...all }))
  },
)
