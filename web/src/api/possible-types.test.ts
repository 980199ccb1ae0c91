import { isAbstractType } from 'graphql'
import { expect, it } from 'vitest'
import { apiSchema } from '@/testing/sample-api'
import { possibleTypes } from './possible-types'

it.each(Object.keys(possibleTypes))('the cache knows every type that is a %s in the published schema', (name) => {
  const type = apiSchema.getType(name)
  const published = isAbstractType(type) ? apiSchema.getPossibleTypes(type).map((possible) => possible.name) : []
  expect(possibleTypes[name]?.toSorted()).toEqual(published.toSorted())
})
